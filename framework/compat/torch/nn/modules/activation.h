// libtorch's torch/nn/modules/activation.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
