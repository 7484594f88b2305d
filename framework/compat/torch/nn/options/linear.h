// libtorch's torch/nn/options/linear.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
