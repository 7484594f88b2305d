// libtorch's torch/data/transforms.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
