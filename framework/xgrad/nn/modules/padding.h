// Padding layers: Reflection, Replication, Zero and Constant,
// for 1 to 3 spatial dims of [N, C, ...] or [C, ...]; see ops/pad.h.
//
//   xgrad::nn::ReflectionPad2d pad(1);
//   xgrad::nn::ConstantPad1d tail(xgrad::nn::ConstantPad1dOptions({0, 2}, 3.5));
#pragma once

#include <cstddef>

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/padding.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

template <std::size_t D, class Derived>
class ReflectionPadImpl : public Stateless<Derived, ReflectionPadOptions<D>> {
 public:
  using Stateless<Derived, ReflectionPadOptions<D>>::Stateless;
  ReflectionPadImpl(ExpandingArray<D * 2> padding)
      : Stateless<Derived, ReflectionPadOptions<D>>(ReflectionPadOptions<D>(padding)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class ReflectionPad1dImpl : public ReflectionPadImpl<1, ReflectionPad1dImpl> {
 public:
  using ReflectionPadImpl<1, ReflectionPad1dImpl>::ReflectionPadImpl;
};
XGRAD_MODULE(ReflectionPad1d);
class ReflectionPad2dImpl : public ReflectionPadImpl<2, ReflectionPad2dImpl> {
 public:
  using ReflectionPadImpl<2, ReflectionPad2dImpl>::ReflectionPadImpl;
};
XGRAD_MODULE(ReflectionPad2d);
class ReflectionPad3dImpl : public ReflectionPadImpl<3, ReflectionPad3dImpl> {
 public:
  using ReflectionPadImpl<3, ReflectionPad3dImpl>::ReflectionPadImpl;
};
XGRAD_MODULE(ReflectionPad3d);

template <std::size_t D, class Derived>
class ReplicationPadImpl : public Stateless<Derived, ReplicationPadOptions<D>> {
 public:
  using Stateless<Derived, ReplicationPadOptions<D>>::Stateless;
  ReplicationPadImpl(ExpandingArray<D * 2> padding)
      : Stateless<Derived, ReplicationPadOptions<D>>(ReplicationPadOptions<D>(padding)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class ReplicationPad1dImpl : public ReplicationPadImpl<1, ReplicationPad1dImpl> {
 public:
  using ReplicationPadImpl<1, ReplicationPad1dImpl>::ReplicationPadImpl;
};
XGRAD_MODULE(ReplicationPad1d);
class ReplicationPad2dImpl : public ReplicationPadImpl<2, ReplicationPad2dImpl> {
 public:
  using ReplicationPadImpl<2, ReplicationPad2dImpl>::ReplicationPadImpl;
};
XGRAD_MODULE(ReplicationPad2d);
class ReplicationPad3dImpl : public ReplicationPadImpl<3, ReplicationPad3dImpl> {
 public:
  using ReplicationPadImpl<3, ReplicationPad3dImpl>::ReplicationPadImpl;
};
XGRAD_MODULE(ReplicationPad3d);

template <std::size_t D, class Derived>
class ZeroPadImpl : public Stateless<Derived, ZeroPadOptions<D>> {
 public:
  using Stateless<Derived, ZeroPadOptions<D>>::Stateless;
  ZeroPadImpl(ExpandingArray<D * 2> padding)
      : Stateless<Derived, ZeroPadOptions<D>>(ZeroPadOptions<D>(padding)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class ZeroPad1dImpl : public ZeroPadImpl<1, ZeroPad1dImpl> {
 public:
  using ZeroPadImpl<1, ZeroPad1dImpl>::ZeroPadImpl;
};
XGRAD_MODULE(ZeroPad1d);
class ZeroPad2dImpl : public ZeroPadImpl<2, ZeroPad2dImpl> {
 public:
  using ZeroPadImpl<2, ZeroPad2dImpl>::ZeroPadImpl;
};
XGRAD_MODULE(ZeroPad2d);
class ZeroPad3dImpl : public ZeroPadImpl<3, ZeroPad3dImpl> {
 public:
  using ZeroPadImpl<3, ZeroPad3dImpl>::ZeroPadImpl;
};
XGRAD_MODULE(ZeroPad3d);

template <std::size_t D, class Derived>
class ConstantPadImpl : public Stateless<Derived, ConstantPadOptions<D>> {
 public:
  using Stateless<Derived, ConstantPadOptions<D>>::Stateless;
  ConstantPadImpl(ExpandingArray<D * 2> padding, double value)
      : Stateless<Derived, ConstantPadOptions<D>>(ConstantPadOptions<D>(padding, value)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class ConstantPad1dImpl : public ConstantPadImpl<1, ConstantPad1dImpl> {
 public:
  using ConstantPadImpl<1, ConstantPad1dImpl>::ConstantPadImpl;
};
XGRAD_MODULE(ConstantPad1d);
class ConstantPad2dImpl : public ConstantPadImpl<2, ConstantPad2dImpl> {
 public:
  using ConstantPadImpl<2, ConstantPad2dImpl>::ConstantPadImpl;
};
XGRAD_MODULE(ConstantPad2d);
class ConstantPad3dImpl : public ConstantPadImpl<3, ConstantPad3dImpl> {
 public:
  using ConstantPadImpl<3, ConstantPad3dImpl>::ConstantPadImpl;
};
XGRAD_MODULE(ConstantPad3d);

}  // namespace xgrad::nn
