// libtorch's torch/csrc/autograd/engine.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
