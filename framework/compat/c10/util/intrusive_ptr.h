// libtorch's c10/util/intrusive_ptr.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
