// libtorch's ATen/core/List.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
