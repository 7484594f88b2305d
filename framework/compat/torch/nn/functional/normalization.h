// libtorch's torch/nn/functional/normalization.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
