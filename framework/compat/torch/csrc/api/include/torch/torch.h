// libtorch's torch/csrc/api/include/torch/torch.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
