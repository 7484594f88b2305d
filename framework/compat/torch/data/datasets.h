// libtorch's torch/data/datasets.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
