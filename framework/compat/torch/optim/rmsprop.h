// libtorch's torch/optim/rmsprop.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
