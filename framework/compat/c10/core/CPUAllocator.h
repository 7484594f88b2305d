// libtorch's c10/core/CPUAllocator.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
