// libtorch's torch/csrc/autograd/custom_function.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
