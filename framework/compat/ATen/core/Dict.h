// libtorch's ATen/core/Dict.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
