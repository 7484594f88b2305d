// libtorch's torch/detail/TensorDataContainer.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
