// libtorch's torch/nn/options/loss.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
