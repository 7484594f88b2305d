// libtorch's torch/nn/modules/embedding.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
