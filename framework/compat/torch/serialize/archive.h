// libtorch's torch/serialize/archive.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
