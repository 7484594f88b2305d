// libtorch's torch/data/datasets/map.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
