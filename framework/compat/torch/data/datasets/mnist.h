// libtorch's torch/data/datasets/mnist.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
