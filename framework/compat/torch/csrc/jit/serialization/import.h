// libtorch's torch/csrc/jit/serialization/import.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
