// libtorch's torch/nn/options/dropout.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
