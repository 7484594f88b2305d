// libtorch's c10/util/flat_hash_map.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
