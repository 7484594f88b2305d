// libtorch's torch/nn/modules/batchnorm.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
