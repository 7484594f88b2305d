// libtorch's torch/data/transforms/lambda.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
