// libtorch's torch/nn/pimpl.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
