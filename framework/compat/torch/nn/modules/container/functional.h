// libtorch's torch/nn/modules/container/functional.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
