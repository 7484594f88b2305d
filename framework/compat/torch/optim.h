// libtorch's torch/optim.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
