// libtorch's torch/nn/functional/pooling.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
