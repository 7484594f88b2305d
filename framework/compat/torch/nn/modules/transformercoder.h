// libtorch's torch/nn/modules/transformercoder.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
