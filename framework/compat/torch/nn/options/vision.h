// libtorch's torch/nn/options/vision.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
