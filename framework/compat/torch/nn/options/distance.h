// libtorch's torch/nn/options/distance.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
