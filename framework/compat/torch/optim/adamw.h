// libtorch's torch/optim/adamw.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
