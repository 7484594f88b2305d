// libtorch's torch/csrc/autograd/generated/variable_factories.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
