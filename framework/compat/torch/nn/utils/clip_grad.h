// libtorch's torch/nn/utils/clip_grad.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
