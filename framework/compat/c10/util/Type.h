// libtorch's c10/util/Type.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
