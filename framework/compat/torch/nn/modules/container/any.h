// libtorch's torch/nn/modules/container/any.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
