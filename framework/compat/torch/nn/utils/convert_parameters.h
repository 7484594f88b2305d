// libtorch's torch/nn/utils/convert_parameters.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
