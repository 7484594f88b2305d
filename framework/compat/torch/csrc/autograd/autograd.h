// libtorch's torch/csrc/autograd/autograd.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
