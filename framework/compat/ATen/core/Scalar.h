// libtorch's ATen/core/Scalar.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
