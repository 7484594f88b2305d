// libtorch's torch/serialize/output-archive.h: the whole of the drop-in.
#pragma once

#include "torch/torch.h"
