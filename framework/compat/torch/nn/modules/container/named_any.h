// libtorch's torch/nn/modules/container/named_any.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
