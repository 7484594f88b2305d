// libtorch's torch/nn/options/transformercoder.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
