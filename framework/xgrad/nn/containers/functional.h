// Functional: a function as a module, with its further arguments bound.
//
//   Functional(xgrad::relu);
//   Functional(xgrad::leaky_relu, 0.2);
//   Functional([](Tensor x) { return x * 2; });
#pragma once

#include <functional>
#include <utility>

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class FunctionalImpl : public Cloneable<FunctionalImpl> {
 public:
  using Function = std::function<Tensor(Tensor)>;

  explicit FunctionalImpl(Function function) : function_(std::move(function)) {}
  template <class F, class... Args, class = std::enable_if_t<(sizeof...(Args) > 0)>>
  explicit FunctionalImpl(F function, Args&&... args)
      : function_(std::bind(function, std::placeholders::_1, std::forward<Args>(args)...)) {}

  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  bool is_serializable() const override { return false; }

  Tensor forward(Tensor input) { return function_(std::move(input)); }
  Tensor operator()(Tensor input) { return function_(std::move(input)); }

 private:
  Function function_;
};
XGRAD_MODULE(Functional);

}  // namespace xgrad::nn
