// libtorch's c10/core/GradMode.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
