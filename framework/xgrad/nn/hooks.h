// The forward hooks of a module. Private to nn.
#pragma once

#include <utility>
#include <vector>

#include "xgrad/nn/module.h"

namespace xgrad::nn {

struct Module::Hooks {
  std::vector<std::pair<std::size_t, ForwardPreHook>> before;
  std::vector<std::pair<std::size_t, ForwardHook>> after;
  std::size_t next_id = 0;
};

}  // namespace xgrad::nn
