// libtorch's torch/nn/options/instancenorm.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
