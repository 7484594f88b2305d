// libtorch's torch/nn/options/embedding.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
