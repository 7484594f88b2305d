// libtorch's torch/optim/lbfgs.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
