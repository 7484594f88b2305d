// libtorch's torch/data/samplers/random.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
