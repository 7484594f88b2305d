// libtorch's torch/nn/modules/container/parameterdict.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
