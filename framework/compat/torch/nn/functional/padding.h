// libtorch's torch/nn/functional/padding.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
