// libtorch's torch/nn/functional/distance.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
