// libtorch's torch/nn/modules/rnn.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
