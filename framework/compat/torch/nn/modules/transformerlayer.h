// libtorch's torch/nn/modules/transformerlayer.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
