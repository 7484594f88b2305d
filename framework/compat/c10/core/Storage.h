// libtorch's c10/core/Storage.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
