// libtorch's ATen/core/Tensor.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
