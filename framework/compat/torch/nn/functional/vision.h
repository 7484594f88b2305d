// libtorch's torch/nn/functional/vision.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
