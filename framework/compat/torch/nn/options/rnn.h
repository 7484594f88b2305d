// libtorch's torch/nn/options/rnn.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
