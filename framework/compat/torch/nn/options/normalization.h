// libtorch's torch/nn/options/normalization.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
