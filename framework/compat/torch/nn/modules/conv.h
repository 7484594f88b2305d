// libtorch's torch/nn/modules/conv.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
