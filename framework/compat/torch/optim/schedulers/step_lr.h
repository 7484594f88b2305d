// libtorch's torch/optim/schedulers/step_lr.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
