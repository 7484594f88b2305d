// libtorch's torch/nn/modules/pooling.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
