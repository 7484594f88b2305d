// libtorch's torch/nn/functional/batchnorm.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
