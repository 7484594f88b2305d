// libtorch's torch/nn/modules/common.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
