// libtorch's torch/nn/options/transformerlayer.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
