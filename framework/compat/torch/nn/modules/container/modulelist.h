// libtorch's torch/nn/modules/container/modulelist.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
