// libtorch's torch/utils.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
