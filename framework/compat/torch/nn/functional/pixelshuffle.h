// libtorch's torch/nn/functional/pixelshuffle.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
