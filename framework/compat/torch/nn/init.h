// libtorch's torch/nn/init.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
