// libtorch's c10/util/BFloat16.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
