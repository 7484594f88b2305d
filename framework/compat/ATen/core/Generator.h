// libtorch's ATen/core/Generator.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
