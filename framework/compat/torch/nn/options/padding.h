// libtorch's torch/nn/options/padding.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
