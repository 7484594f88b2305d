// libtorch's torch/data/dataloader_options.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
