// libtorch's torch/optim/adagrad.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
