// libtorch's torch/nn/options/adaptive.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
