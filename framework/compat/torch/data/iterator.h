// libtorch's torch/data/iterator.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
