// libtorch's torch/nn/module.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
