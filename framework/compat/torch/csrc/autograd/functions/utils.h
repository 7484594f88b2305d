// libtorch's torch/csrc/autograd/functions/utils.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
