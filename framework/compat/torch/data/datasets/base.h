// libtorch's torch/data/datasets/base.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
