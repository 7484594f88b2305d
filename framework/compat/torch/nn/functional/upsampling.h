// libtorch's torch/nn/functional/upsampling.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
