// libtorch's torch/expanding_array.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
