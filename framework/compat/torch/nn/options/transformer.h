// libtorch's torch/nn/options/transformer.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
