// libtorch's torch/nn/modules/normalization.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
