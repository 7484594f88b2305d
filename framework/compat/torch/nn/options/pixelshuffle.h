// libtorch's torch/nn/options/pixelshuffle.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
