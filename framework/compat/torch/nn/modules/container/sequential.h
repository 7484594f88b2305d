// libtorch's torch/nn/modules/container/sequential.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
