// libtorch's torch/data/transforms/base.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
