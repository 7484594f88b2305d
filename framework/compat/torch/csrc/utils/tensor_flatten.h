// libtorch's torch/csrc/utils/tensor_flatten.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
