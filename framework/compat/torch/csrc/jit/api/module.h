// libtorch's torch/csrc/jit/api/module.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
