// All slots of a tree of modules by dotted name, every name of a tied tensor included.
// Private to nn.
#pragma once

#include <string>
#include <vector>

#include "xgrad/nn/module.h"

namespace xgrad::nn {

struct ModuleState {
  struct Slot {
    std::string name;
    Tensor* tensor;  // in the registry
    bool is_buffer;
  };
  // Parameters and persistent buffers, module by module, in the order of registration.
  static std::vector<Slot> slots(const Module& module, const std::string& prefix = {});
};

}  // namespace xgrad::nn
