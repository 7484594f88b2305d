// libtorch's torch/optim/optimizer.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
