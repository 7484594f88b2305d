// libtorch's ATen/Parallel.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
