// libtorch's torch/nn/functional/fold.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
