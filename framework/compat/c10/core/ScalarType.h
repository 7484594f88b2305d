// libtorch's c10/core/ScalarType.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
