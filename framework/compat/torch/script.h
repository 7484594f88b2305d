// libtorch's torch/script.h, of which programs use the rest of torch: TorchScript itself is not
// supported (torch/jit.h).
#pragma once

#include "torch/torch.h"
