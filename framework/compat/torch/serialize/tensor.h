// libtorch's torch/serialize/tensor.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
