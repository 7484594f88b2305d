// libtorch's torch/nn/options/pooling.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
