// libtorch's torch/optim/sgd.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
