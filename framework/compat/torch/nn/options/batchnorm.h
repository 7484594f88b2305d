// libtorch's torch/nn/options/batchnorm.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
