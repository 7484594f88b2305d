// libtorch's torch/nn/functional/instancenorm.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
