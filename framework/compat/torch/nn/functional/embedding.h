// libtorch's torch/nn/functional/embedding.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
