// libtorch's c10/macros/Export.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
