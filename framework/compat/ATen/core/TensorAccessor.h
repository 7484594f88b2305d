// libtorch's ATen/core/TensorAccessor.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
