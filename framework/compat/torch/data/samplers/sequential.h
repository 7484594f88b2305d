// libtorch's torch/data/samplers/sequential.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
