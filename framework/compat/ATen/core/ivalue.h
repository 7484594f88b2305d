// libtorch's ATen/core/ivalue.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
