// libtorch's ATen/NativeFunctions.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
