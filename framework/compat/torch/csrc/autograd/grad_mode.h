// libtorch's torch/csrc/autograd/grad_mode.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
