// libtorch's c10/core/Allocator.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
