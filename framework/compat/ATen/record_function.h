// libtorch's ATen/record_function.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
