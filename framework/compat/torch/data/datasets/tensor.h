// libtorch's torch/data/datasets/tensor.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
