// libtorch's torch/nn/options/fold.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
