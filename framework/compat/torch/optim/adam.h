// libtorch's torch/optim/adam.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
