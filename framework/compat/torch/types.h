// libtorch's torch/types.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
