// libtorch's torch/data/samplers/base.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
