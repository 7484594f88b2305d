// libtorch's ATen/ATen.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
