// libtorch's torch/nn/options/activation.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
