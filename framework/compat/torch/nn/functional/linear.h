// libtorch's torch/nn/functional/linear.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
