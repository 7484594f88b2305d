// summary(module, input...): a table of a network's layers, their output shapes and parameters.
//
//   std::cout << xgrad::nn::utils::summary(net, xgrad::zeros({1, 784}));
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/nn/call.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn::utils {

// While alive: notes the shape that each module below `module` returns, and has all in evaluation
// mode, so that the call leaves no trace in statistics or in the random stream.
class ShapeRecorder {
 public:
  explicit ShapeRecorder(Module& module);
  ShapeRecorder(const ShapeRecorder&) = delete;
  ShapeRecorder& operator=(const ShapeRecorder&) = delete;
  ~ShapeRecorder();
  // One row a module: name, type, output shape ("-" where it was not called through its holder or a
  // container), own parameters; the totals below.
  std::string table() const;

 private:
  struct Row {
    std::string name;
    Module* module;
    bool was_training;
    std::size_t hook;
    std::string output;
  };
  Module& module_;
  std::vector<Row> rows_;
};

// Runs the module on the inputs once, and tells what it is made of.
template <class M, class... Inputs>
std::string summary(M& module, Inputs&&... inputs) {
  const NoGradGuard no_grad;
  if constexpr (is_module_holder<M>) {
    return summary(*module, std::forward<Inputs>(inputs)...);
  } else {
    ShapeRecorder recorder(module);
    if constexpr (sizeof...(Inputs) > 0) call_module(module, std::forward<Inputs>(inputs)...);
    return recorder.table();
  }
}

}  // namespace xgrad::nn::utils

namespace xgrad::nn {
using utils::summary;
}
