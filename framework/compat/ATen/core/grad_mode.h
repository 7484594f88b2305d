// libtorch's ATen/core/grad_mode.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
