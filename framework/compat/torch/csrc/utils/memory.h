// libtorch's torch/csrc/utils/memory.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
