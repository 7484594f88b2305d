// libtorch's torch/nn/modules/padding.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
