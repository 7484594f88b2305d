// libtorch's torch/nn/modules/distance.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
