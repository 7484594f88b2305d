// libtorch's torch/nn/functional/dropout.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
