// libtorch's ATen/core/TensorBody.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
