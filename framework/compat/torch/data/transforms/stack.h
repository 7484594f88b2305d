// libtorch's torch/data/transforms/stack.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
