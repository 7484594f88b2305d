// libtorch's torch/detail/static.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
