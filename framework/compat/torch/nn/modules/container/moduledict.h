// libtorch's torch/nn/modules/container/moduledict.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
