// libtorch's torch/nn/modules/dropout.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
