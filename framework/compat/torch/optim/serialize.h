// libtorch's torch/optim/serialize.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
