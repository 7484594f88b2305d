// libtorch's torch/nn/cloneable.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
