// libtorch's torch/nn/modules/upsampling.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
