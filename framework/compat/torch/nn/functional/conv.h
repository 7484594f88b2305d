// libtorch's torch/nn/functional/conv.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
