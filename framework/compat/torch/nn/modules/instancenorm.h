// libtorch's torch/nn/modules/instancenorm.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
