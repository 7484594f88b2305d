// libtorch's torch/nn/utils/rnn.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
