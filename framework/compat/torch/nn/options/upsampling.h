// libtorch's torch/nn/options/upsampling.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
