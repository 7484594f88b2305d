// libtorch's torch/data/datasets/chunk.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
