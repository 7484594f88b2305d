// libtorch's torch/csrc/autograd/variable.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
