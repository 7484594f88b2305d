// libtorch's torch/data.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
