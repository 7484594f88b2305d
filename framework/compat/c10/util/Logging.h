// libtorch's c10/util/Logging.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
