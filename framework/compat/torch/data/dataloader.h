// libtorch's torch/data/dataloader.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
