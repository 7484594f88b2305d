// libtorch's ATen/core/Reduction.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
