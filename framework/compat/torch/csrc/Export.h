// libtorch's torch/csrc/Export.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
