// libtorch's torch/data/transforms/collate.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
