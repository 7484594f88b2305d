// libtorch's ATen/Device.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
