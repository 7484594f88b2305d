// libtorch's ATen/ScalarOps.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
