// libtorch's torch/optim/schedulers/lr_scheduler.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
