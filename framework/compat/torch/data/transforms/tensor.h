// libtorch's torch/data/transforms/tensor.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
