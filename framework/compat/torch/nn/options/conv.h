// libtorch's torch/nn/options/conv.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
