// Options of the convolutions and transposed convolutions, of 1 to 3 spatial dims.
//
//   Conv2dOptions(3, 16, 5).stride(2).padding(1)           // one value for all spatial dims
//   Conv2dOptions(3, 16, {5, 3}).padding({2, 1})           // or one each
//   Conv2dOptions(3, 16, 3).padding(xgrad::kSame).padding_mode(xgrad::kReflect)
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "xgrad/core/arg.h"
#include "xgrad/core/enum.h"
#include "xgrad/core/expanding_array.h"
#include "xgrad/core/tensor.h"

// padding(xgrad::kSame), padding(1) and, which a variant does not convert from, padding({1, 2}).
#define XGRAD_PADDING_ARG                                             \
  XGRAD_ARG(padding_t, padding) = ExpandingArray<D>(0);               \
                                                                      \
 public:                                                              \
  decltype(auto) padding(std::initializer_list<std::int64_t> sizes) { \
    return padding(padding_t(ExpandingArray<D>(sizes)));              \
  }

namespace xgrad::nn {

namespace detail {

// What lies beyond the input's ends: see ops/pad.h.
using conv_padding_mode_t =
    std::variant<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
// kValid: none. kSame: the output has the input's sizes.
template <std::size_t D>
using conv_padding_t = std::variant<ExpandingArray<D>, enumtype::kValid, enumtype::kSame>;

// What a convolution layer keeps: the options of both kinds.
template <std::size_t D>
struct ConvNdOptions {
  using padding_mode_t = conv_padding_mode_t;
  using padding_t = conv_padding_t<D>;
  ConvNdOptions(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  XGRAD_ARG(std::int64_t, in_channels);
  XGRAD_ARG(std::int64_t, out_channels);
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_PADDING_ARG
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(bool, transposed) = false;
  XGRAD_ARG(ExpandingArray<D>, output_padding) = 0;
  XGRAD_ARG(std::int64_t, groups) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(padding_mode_t, padding_mode) = kZeros;
};

}  // namespace detail

template <std::size_t D>
struct ConvOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  using padding_t = detail::conv_padding_t<D>;
  ConvOptions(std::int64_t in_channels, std::int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  XGRAD_ARG(std::int64_t, in_channels);
  XGRAD_ARG(std::int64_t, out_channels);
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_PADDING_ARG
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(std::int64_t, groups) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(padding_mode_t, padding_mode) = kZeros;
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;
using Conv3dOptions = ConvOptions<3>;

// output_padding: elements more at the end, where a stride leaves the output's size open.
template <std::size_t D>
struct ConvTransposeOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  ConvTransposeOptions(std::int64_t in_channels, std::int64_t out_channels,
                       ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  XGRAD_ARG(std::int64_t, in_channels);
  XGRAD_ARG(std::int64_t, out_channels);
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_ARG(ExpandingArray<D>, output_padding) = 0;
  XGRAD_ARG(std::int64_t, groups) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(padding_mode_t, padding_mode) = kZeros;
};
using ConvTranspose1dOptions = ConvTransposeOptions<1>;
using ConvTranspose2dOptions = ConvTransposeOptions<2>;
using ConvTranspose3dOptions = ConvTransposeOptions<3>;

namespace functional {

template <std::size_t D>
struct ConvFuncOptions {
  using padding_t = nn::detail::conv_padding_t<D>;
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_PADDING_ARG
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(std::int64_t, groups) = 1;
};
using Conv1dFuncOptions = ConvFuncOptions<1>;
using Conv2dFuncOptions = ConvFuncOptions<2>;
using Conv3dFuncOptions = ConvFuncOptions<3>;

template <std::size_t D>
struct ConvTransposeFuncOptions {
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_ARG(ExpandingArray<D>, output_padding) = 0;
  XGRAD_ARG(std::int64_t, groups) = 1;
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
};
using ConvTranspose1dFuncOptions = ConvTransposeFuncOptions<1>;
using ConvTranspose2dFuncOptions = ConvTransposeFuncOptions<2>;
using ConvTranspose3dFuncOptions = ConvTransposeFuncOptions<3>;

}  // namespace functional
}  // namespace xgrad::nn

#undef XGRAD_PADDING_ARG
