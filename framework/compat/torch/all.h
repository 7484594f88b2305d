// libtorch's torch/all.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
