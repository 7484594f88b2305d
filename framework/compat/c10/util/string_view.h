// libtorch's c10/util/string_view.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
