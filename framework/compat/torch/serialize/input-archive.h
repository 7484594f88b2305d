// libtorch's torch/serialize/input-archive.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
