// libtorch's torch/nn/modules/fold.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
