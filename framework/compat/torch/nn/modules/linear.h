// libtorch's torch/nn/modules/linear.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
