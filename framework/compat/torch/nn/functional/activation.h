// libtorch's torch/nn/functional/activation.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
