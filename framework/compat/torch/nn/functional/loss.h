// libtorch's torch/nn/functional/loss.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
