// libtorch's ATen/autocast_mode.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
