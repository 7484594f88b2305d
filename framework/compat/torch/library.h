// libtorch's torch/library.h: ops of one's own belong to TorchScript's registry, which is not
// supported (torch/jit.h); autograd::Function needs none.
#pragma once

#include "torch/torch.h"

#define TORCH_LIBRARY(name, library)                                                     \
  static_assert(false,                                                                   \
                "xgrad does not support TorchScript (TORCH_LIBRARY): call the function " \
                "itself, or derive from torch::autograd::Function");                     \
  [[maybe_unused]] static void xgrad_library_##name([[maybe_unused]] auto& library)
#define TORCH_LIBRARY_FRAGMENT(name, library) TORCH_LIBRARY(name, library)
#define TORCH_LIBRARY_IMPL(name, key, library) TORCH_LIBRARY(name##_##key, library)
