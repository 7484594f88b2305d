// libtorch's torch/csrc/autograd/edge.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
