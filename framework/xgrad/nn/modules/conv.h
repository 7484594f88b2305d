// Convolution layers of 1 to 3 spatial dims, and transposed ones.
//
//   xgrad::nn::Conv2d conv(xgrad::nn::Conv2dOptions(3, 16, 5).stride(2).padding(2));
//   auto y = conv(x);                                        // [N, 3, H, W] -> [N, 16, H', W']
//   xgrad::nn::ConvTranspose2d up(xgrad::nn::ConvTranspose2dOptions(16, 3, 4).stride(2));
//
// Sizes of outputs and errors: see ops/convolution.h. Errors of a new layer: channels that the
// groups do not divide, a number of channels, groups or kernel elements that makes no sense, kSame
// with a stride.
#pragma once

#include <cstddef>
#include <vector>

#include "xgrad/nn/any_value.h"
#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/options/conv.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// weight [out, in / groups, kernel...] (transposed: [in, out / groups, kernel...]), bias [out].
template <std::size_t D, class Derived>
class ConvNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvNdImpl(const detail::ConvNdOptions<D>& options_);
  void reset() override;
  // Uniform within 1 / sqrt(fan-in), both.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  detail::ConvNdOptions<D> options;
  Tensor weight;
  Tensor bias;

 protected:
  // (left, right) of each dim, the last dim first: what pad() takes.
  std::vector<std::int64_t> _reversed_padding_repeated_twice;
};

template <std::size_t D, class Derived>
class ConvImpl : public ConvNdImpl<D, Derived> {
 public:
  ConvImpl(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size)
      : ConvImpl(ConvOptions<D>(in_channels, out_channels, kernel_size)) {}
  explicit ConvImpl(const ConvOptions<D>& options_);
  // input [N, in, spatial...] or [in, spatial...].
  Tensor forward(const Tensor& input);
};

class Conv1dImpl : public ConvImpl<1, Conv1dImpl> {
 public:
  using ConvImpl<1, Conv1dImpl>::ConvImpl;
};
XGRAD_MODULE(Conv1d);

class Conv2dImpl : public ConvImpl<2, Conv2dImpl> {
 public:
  using ConvImpl<2, Conv2dImpl>::ConvImpl;
};
XGRAD_MODULE(Conv2d);

class Conv3dImpl : public ConvImpl<3, Conv3dImpl> {
 public:
  using ConvImpl<3, Conv3dImpl>::ConvImpl;
};
XGRAD_MODULE(Conv3d);

template <std::size_t D, class Derived>
class ConvTransposeNdImpl : public ConvNdImpl<D, Derived> {
 public:
  ConvTransposeNdImpl(std::int64_t in_channels, std::int64_t out_channels,
                      ExpandingArray<D> kernel_size)
      : ConvTransposeNdImpl(ConvTransposeOptions<D>(in_channels, out_channels, kernel_size)) {}
  explicit ConvTransposeNdImpl(const ConvTransposeOptions<D>& options_);
  // input [N, in, spatial...] or [in, spatial...]; output_size: the spatial sizes (or all) of the
  // output, instead of options.output_padding. Errors also: sizes that no output_padding gives, a
  // padding_mode other than kZeros.
  Tensor forward(const Tensor& input, const optional<IntArrayRef>& output_size = nullopt);

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(optional<IntArrayRef>())})

  // What output_padding gives `output_size`.
  std::vector<std::int64_t> _output_padding(const Tensor& input,
                                            const optional<IntArrayRef>& output_size) const;
};

class ConvTranspose1dImpl : public ConvTransposeNdImpl<1, ConvTranspose1dImpl> {
 public:
  using ConvTransposeNdImpl<1, ConvTranspose1dImpl>::ConvTransposeNdImpl;
};
XGRAD_MODULE(ConvTranspose1d);

class ConvTranspose2dImpl : public ConvTransposeNdImpl<2, ConvTranspose2dImpl> {
 public:
  using ConvTransposeNdImpl<2, ConvTranspose2dImpl>::ConvTransposeNdImpl;
};
XGRAD_MODULE(ConvTranspose2d);

class ConvTranspose3dImpl : public ConvTransposeNdImpl<3, ConvTranspose3dImpl> {
 public:
  using ConvTransposeNdImpl<3, ConvTranspose3dImpl>::ConvTransposeNdImpl;
};
XGRAD_MODULE(ConvTranspose3d);

}  // namespace xgrad::nn
