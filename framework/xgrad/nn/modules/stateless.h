// Stateless<Derived, Options>: the base of layers that have options and a forward,
// but nothing to register.
//
//   class ELUImpl : public Stateless<ELUImpl, ELUOptions> {
//    public:
//     using Stateless::Stateless;
//     Tensor forward(Tensor input);
//     void pretty_print(std::ostream& stream) const override;
//   };
#pragma once

#include <type_traits>

#include "xgrad/nn/cloneable.h"

namespace xgrad::nn {

template <class Derived, class Options = void>
class Stateless : public Cloneable<Derived> {
 public:
  Stateless() requires std::is_default_constructible_v<Options>
  = default;
  explicit Stateless(const Options& options_) : options(options_) {}
  void reset() override {}

  Options options;
};

template <class Derived>
class Stateless<Derived, void> : public Cloneable<Derived> {
 public:
  void reset() override {}
};

}  // namespace xgrad::nn
