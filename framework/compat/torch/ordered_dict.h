// libtorch's torch/ordered_dict.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
