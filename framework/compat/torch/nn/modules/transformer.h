// libtorch's torch/nn/modules/transformer.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
