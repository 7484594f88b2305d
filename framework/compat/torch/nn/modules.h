// libtorch's torch/nn/modules.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
