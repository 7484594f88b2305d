// libtorch's torch/data/samplers.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
