// libtorch's ATen/Tensor.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
