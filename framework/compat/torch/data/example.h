// libtorch's torch/data/example.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
