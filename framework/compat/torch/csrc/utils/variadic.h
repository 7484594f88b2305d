// libtorch's torch/csrc/utils/variadic.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
