// libtorch's torch/csrc/autograd/saved_variable.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
