// Pooling layers for 1 to 3 spatial dims of [N, C, spatial...] or [C, spatial...];
// see ops/pooling.h.
//
//   xgrad::nn::MaxPool2d halve(2);
//   xgrad::nn::AvgPool1d smooth(xgrad::nn::AvgPool1dOptions(3).stride(1).padding(1));
//   xgrad::nn::AdaptiveAvgPool2d head(1);
#pragma once

#include <cstddef>
#include <tuple>

#include "xgrad/nn/any.h"
#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/pooling.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

template <std::size_t D, class Derived>
class AvgPoolImpl : public Stateless<Derived, AvgPoolOptions<D>> {
 public:
  using Stateless<Derived, AvgPoolOptions<D>>::Stateless;
  AvgPoolImpl(ExpandingArray<D> kernel_size)
      : Stateless<Derived, AvgPoolOptions<D>>(AvgPoolOptions<D>(kernel_size)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class AvgPool1dImpl : public AvgPoolImpl<1, AvgPool1dImpl> {
 public:
  using AvgPoolImpl<1, AvgPool1dImpl>::AvgPoolImpl;
};
XGRAD_MODULE(AvgPool1d);
class AvgPool2dImpl : public AvgPoolImpl<2, AvgPool2dImpl> {
 public:
  using AvgPoolImpl<2, AvgPool2dImpl>::AvgPoolImpl;
};
XGRAD_MODULE(AvgPool2d);
class AvgPool3dImpl : public AvgPoolImpl<3, AvgPool3dImpl> {
 public:
  using AvgPoolImpl<3, AvgPool3dImpl>::AvgPoolImpl;
};
XGRAD_MODULE(AvgPool3d);

template <std::size_t D, class Derived>
class MaxPoolImpl : public Stateless<Derived, MaxPoolOptions<D>> {
 public:
  using Stateless<Derived, MaxPoolOptions<D>>::Stateless;
  MaxPoolImpl(ExpandingArray<D> kernel_size)
      : Stateless<Derived, MaxPoolOptions<D>>(MaxPoolOptions<D>(kernel_size)) {}
  Tensor forward(const Tensor& input);
  // Also the indices, for the MaxUnpool of as many dims.
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class MaxPool1dImpl : public MaxPoolImpl<1, MaxPool1dImpl> {
 public:
  using MaxPoolImpl<1, MaxPool1dImpl>::MaxPoolImpl;
};
XGRAD_MODULE(MaxPool1d);
class MaxPool2dImpl : public MaxPoolImpl<2, MaxPool2dImpl> {
 public:
  using MaxPoolImpl<2, MaxPool2dImpl>::MaxPoolImpl;
};
XGRAD_MODULE(MaxPool2d);
class MaxPool3dImpl : public MaxPoolImpl<3, MaxPool3dImpl> {
 public:
  using MaxPoolImpl<3, MaxPool3dImpl>::MaxPoolImpl;
};
XGRAD_MODULE(MaxPool3d);

template <std::size_t D, class OutputSize, class Derived>
class AdaptiveMaxPoolImpl : public Stateless<Derived, AdaptiveMaxPoolOptions<OutputSize>> {
 public:
  using Stateless<Derived, AdaptiveMaxPoolOptions<OutputSize>>::Stateless;
  AdaptiveMaxPoolImpl(OutputSize output_size)
      : Stateless<Derived, AdaptiveMaxPoolOptions<OutputSize>>(
            AdaptiveMaxPoolOptions<OutputSize>(output_size)) {}
  Tensor forward(const Tensor& input);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class AdaptiveMaxPool1dImpl
    : public AdaptiveMaxPoolImpl<1, ExpandingArray<1>, AdaptiveMaxPool1dImpl> {
 public:
  using AdaptiveMaxPoolImpl<1, ExpandingArray<1>, AdaptiveMaxPool1dImpl>::AdaptiveMaxPoolImpl;
};
XGRAD_MODULE(AdaptiveMaxPool1d);
class AdaptiveMaxPool2dImpl
    : public AdaptiveMaxPoolImpl<2, ExpandingArrayWithOptionalElem<2>, AdaptiveMaxPool2dImpl> {
 public:
  using AdaptiveMaxPoolImpl<2, ExpandingArrayWithOptionalElem<2>,
                            AdaptiveMaxPool2dImpl>::AdaptiveMaxPoolImpl;
};
XGRAD_MODULE(AdaptiveMaxPool2d);
class AdaptiveMaxPool3dImpl
    : public AdaptiveMaxPoolImpl<3, ExpandingArrayWithOptionalElem<3>, AdaptiveMaxPool3dImpl> {
 public:
  using AdaptiveMaxPoolImpl<3, ExpandingArrayWithOptionalElem<3>,
                            AdaptiveMaxPool3dImpl>::AdaptiveMaxPoolImpl;
};
XGRAD_MODULE(AdaptiveMaxPool3d);

template <std::size_t D, class OutputSize, class Derived>
class AdaptiveAvgPoolImpl : public Stateless<Derived, AdaptiveAvgPoolOptions<OutputSize>> {
 public:
  using Stateless<Derived, AdaptiveAvgPoolOptions<OutputSize>>::Stateless;
  AdaptiveAvgPoolImpl(OutputSize output_size)
      : Stateless<Derived, AdaptiveAvgPoolOptions<OutputSize>>(
            AdaptiveAvgPoolOptions<OutputSize>(output_size)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class AdaptiveAvgPool1dImpl
    : public AdaptiveAvgPoolImpl<1, ExpandingArray<1>, AdaptiveAvgPool1dImpl> {
 public:
  using AdaptiveAvgPoolImpl<1, ExpandingArray<1>, AdaptiveAvgPool1dImpl>::AdaptiveAvgPoolImpl;
};
XGRAD_MODULE(AdaptiveAvgPool1d);
class AdaptiveAvgPool2dImpl
    : public AdaptiveAvgPoolImpl<2, ExpandingArrayWithOptionalElem<2>, AdaptiveAvgPool2dImpl> {
 public:
  using AdaptiveAvgPoolImpl<2, ExpandingArrayWithOptionalElem<2>,
                            AdaptiveAvgPool2dImpl>::AdaptiveAvgPoolImpl;
};
XGRAD_MODULE(AdaptiveAvgPool2d);
class AdaptiveAvgPool3dImpl
    : public AdaptiveAvgPoolImpl<3, ExpandingArrayWithOptionalElem<3>, AdaptiveAvgPool3dImpl> {
 public:
  using AdaptiveAvgPoolImpl<3, ExpandingArrayWithOptionalElem<3>,
                            AdaptiveAvgPool3dImpl>::AdaptiveAvgPoolImpl;
};
XGRAD_MODULE(AdaptiveAvgPool3d);

template <std::size_t D, class Derived>
class MaxUnpoolImpl : public Stateless<Derived, MaxUnpoolOptions<D>> {
 public:
  using OutputSize = optional<std::vector<std::int64_t>>;
  using Stateless<Derived, MaxUnpoolOptions<D>>::Stateless;
  MaxUnpoolImpl(ExpandingArray<D> kernel_size)
      : Stateless<Derived, MaxUnpoolOptions<D>>(MaxUnpoolOptions<D>(kernel_size)) {}
  Tensor forward(const Tensor& input, const Tensor& indices,
                 const OutputSize& output_size = nullopt);
  void pretty_print(std::ostream& stream) const override;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(OutputSize())})
};
class MaxUnpool1dImpl : public MaxUnpoolImpl<1, MaxUnpool1dImpl> {
 public:
  using MaxUnpoolImpl<1, MaxUnpool1dImpl>::MaxUnpoolImpl;
};
XGRAD_MODULE(MaxUnpool1d);
class MaxUnpool2dImpl : public MaxUnpoolImpl<2, MaxUnpool2dImpl> {
 public:
  using MaxUnpoolImpl<2, MaxUnpool2dImpl>::MaxUnpoolImpl;
};
XGRAD_MODULE(MaxUnpool2d);
class MaxUnpool3dImpl : public MaxUnpoolImpl<3, MaxUnpool3dImpl> {
 public:
  using MaxUnpoolImpl<3, MaxUnpool3dImpl>::MaxUnpoolImpl;
};
XGRAD_MODULE(MaxUnpool3d);

// Random samples that the options hold are a buffer. Errors: neither or both of an output size and
// a ratio, a ratio outside (0, 1).
template <std::size_t D, class Derived>
class FractionalMaxPoolImpl : public Cloneable<Derived> {
 public:
  FractionalMaxPoolImpl(ExpandingArray<D> kernel_size)
      : FractionalMaxPoolImpl(FractionalMaxPoolOptions<D>(kernel_size)) {}
  explicit FractionalMaxPoolImpl(const FractionalMaxPoolOptions<D>& options_);
  void reset() override;
  Tensor forward(const Tensor& input);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;

  FractionalMaxPoolOptions<D> options;
  Tensor _random_samples;
};
class FractionalMaxPool2dImpl : public FractionalMaxPoolImpl<2, FractionalMaxPool2dImpl> {
 public:
  using FractionalMaxPoolImpl<2, FractionalMaxPool2dImpl>::FractionalMaxPoolImpl;
};
XGRAD_MODULE(FractionalMaxPool2d);
class FractionalMaxPool3dImpl : public FractionalMaxPoolImpl<3, FractionalMaxPool3dImpl> {
 public:
  using FractionalMaxPoolImpl<3, FractionalMaxPool3dImpl>::FractionalMaxPoolImpl;
};
XGRAD_MODULE(FractionalMaxPool3d);

template <std::size_t D, class Derived>
class LPPoolImpl : public Stateless<Derived, LPPoolOptions<D>> {
 public:
  using Stateless<Derived, LPPoolOptions<D>>::Stateless;
  LPPoolImpl(double norm_type, ExpandingArray<D> kernel_size)
      : Stateless<Derived, LPPoolOptions<D>>(LPPoolOptions<D>(norm_type, kernel_size)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
class LPPool1dImpl : public LPPoolImpl<1, LPPool1dImpl> {
 public:
  using LPPoolImpl<1, LPPool1dImpl>::LPPoolImpl;
};
XGRAD_MODULE(LPPool1d);
class LPPool2dImpl : public LPPoolImpl<2, LPPool2dImpl> {
 public:
  using LPPoolImpl<2, LPPool2dImpl>::LPPoolImpl;
};
XGRAD_MODULE(LPPool2d);

}  // namespace xgrad::nn
