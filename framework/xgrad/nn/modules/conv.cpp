#include "xgrad/nn/modules/conv.h"

#include <cmath>
#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/conv.h"
#include "xgrad/nn/init.h"
#include "xgrad/nn/modules/print.h"
#include "xgrad/ops/convolution.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/pad.h"

namespace xgrad::nn {

namespace {

template <std::size_t D, bool transposed>
constexpr const char* kName = nullptr;
template <>
constexpr const char* kName<1, false> = "Conv1d";
template <>
constexpr const char* kName<2, false> = "Conv2d";
template <>
constexpr const char* kName<3, false> = "Conv3d";
template <>
constexpr const char* kName<1, true> = "ConvTranspose1d";
template <>
constexpr const char* kName<2, true> = "ConvTranspose2d";
template <>
constexpr const char* kName<3, true> = "ConvTranspose3d";

template <std::size_t D>
const char* name_of(const detail::ConvNdOptions<D>& options) {
  return options.transposed() ? kName<D, true> : kName<D, false>;
}

template <std::size_t D>
bool is_same(const detail::ConvNdOptions<D>& options) {
  return std::holds_alternative<enumtype::kSame>(options.padding());
}

template <std::size_t D>
void check_options(const detail::ConvNdOptions<D>& o) {
  const char* name = name_of(o);
  check(o.groups() > 0, "{}: groups is {}, expected at least 1", name, o.groups());
  check(o.in_channels() >= 0 && o.out_channels() > 0,
        "{}: {} channels in and {} out, expected none negative and some out", name, o.in_channels(),
        o.out_channels());
  for (const std::int64_t channels : {o.in_channels(), o.out_channels()})
    check(channels % o.groups() == 0, "{}: {} channels cannot be divided into {} groups", name,
          channels, o.groups());
  for (std::size_t d = 0; d < D; ++d) {
    check((*o.kernel_size())[d] > 0, "{}: kernel_size has {}, expected at least 1", name,
          (*o.kernel_size())[d]);
    check(!is_same(o) || (*o.stride())[d] == 1,
          "{}: padding kSame with a stride of {}, expected stride 1", name, (*o.stride())[d]);
  }
}

}  // namespace

template <std::size_t D, class Derived>
ConvNdImpl<D, Derived>::ConvNdImpl(const detail::ConvNdOptions<D>& options_) : options(options_) {
  ConvNdImpl::reset();
}

template <std::size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset() {
  check_options(options);
  _reversed_padding_repeated_twice.clear();
  for (std::size_t d = D; d-- > 0;) {
    std::int64_t left = 0, right = 0;
    if (const auto* sizes = std::get_if<ExpandingArray<D>>(&options.padding())) {
      left = right = (**sizes)[d];
    } else if (is_same(options)) {
      const std::int64_t total = (*options.dilation())[d] * ((*options.kernel_size())[d] - 1);
      left = total / 2;
      right = total - left;
    }
    _reversed_padding_repeated_twice.insert(_reversed_padding_repeated_twice.end(), {left, right});
  }
  std::vector<std::int64_t> sizes = {options.out_channels(),
                                     options.in_channels() / options.groups()};
  if (options.transposed())
    sizes = {options.in_channels(), options.out_channels() / options.groups()};
  sizes.insert(sizes.end(), options.kernel_size()->begin(), options.kernel_size()->end());
  weight = this->register_parameter("weight", xgrad::empty(sizes));
  bias = options.bias() ? this->register_parameter("bias", empty({options.out_channels()}))
                        : this->register_parameter("bias", {}, false);
  reset_parameters();
}

template <std::size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const auto fan_in = std::get<0>(init::_calculate_fan_in_and_fan_out(weight));
  const double bound = fan_in == 0 ? 0 : 1 / std::sqrt(static_cast<double>(fan_in));
  init::uniform_(bias, -bound, bound);
}

template <std::size_t D, class Derived>
void ConvNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  const auto& o = options;
  const auto* sizes = std::get_if<ExpandingArray<D>>(&o.padding());
  const ExpandingArray<D> padding = sizes ? *sizes : ExpandingArray<D>(0);
  print_layer(
      stream, name_of(o), field("", o.in_channels()), field("", o.out_channels()),
      field("kernel_size", o.kernel_size()), field("stride", o.stride()),
      field("padding", is_same(o) ? "'same'" : "'valid'", !sizes),
      field("padding", padding, *padding != *ExpandingArray<D>(0)),
      field("dilation", o.dilation(), *o.dilation() != *ExpandingArray<D>(1)),
      field("output_padding", o.output_padding(), *o.output_padding() != *ExpandingArray<D>(0)),
      field("groups", o.groups(), o.groups() != 1), field("bias", o.bias(), !o.bias()),
      field("padding_mode", enumtype::get_enum_name(o.padding_mode()),
            !std::holds_alternative<enumtype::kZeros>(o.padding_mode())));
}

template <std::size_t D, class Derived>
ConvImpl<D, Derived>::ConvImpl(const ConvOptions<D>& options_)
    : ConvNdImpl<D, Derived>(detail::ConvNdOptions<D>(options_.in_channels(),
                                                      options_.out_channels(),
                                                      options_.kernel_size())
                                 .stride(options_.stride())
                                 .padding(options_.padding())
                                 .dilation(options_.dilation())
                                 .groups(options_.groups())
                                 .bias(options_.bias())
                                 .padding_mode(options_.padding_mode())) {}

template <std::size_t D, class Derived>
Tensor ConvImpl<D, Derived>::forward(const Tensor& input) {
  const auto& o = this->options;
  auto call = functional::ConvFuncOptions<D>()
                  .bias(this->bias)
                  .stride(o.stride())
                  .padding(o.padding())
                  .dilation(o.dilation())
                  .groups(o.groups());
  const bool zeros = std::holds_alternative<enumtype::kZeros>(o.padding_mode());
  const char* const modes[] = {"constant", "reflect", "replicate", "circular"};
  if (!zeros) call.padding(ExpandingArray<D>(0));
  const Tensor x =
      zeros ? input
            : pad(input, this->_reversed_padding_repeated_twice, modes[o.padding_mode().index()]);
  if constexpr (D == 1) {
    return functional::conv1d(x, this->weight, call);
  } else if constexpr (D == 2) {
    return functional::conv2d(x, this->weight, call);
  } else {
    return functional::conv3d(x, this->weight, call);
  }
}

template <std::size_t D, class Derived>
ConvTransposeNdImpl<D, Derived>::ConvTransposeNdImpl(const ConvTransposeOptions<D>& options_)
    : ConvNdImpl<D, Derived>(detail::ConvNdOptions<D>(options_.in_channels(),
                                                      options_.out_channels(),
                                                      options_.kernel_size())
                                 .stride(options_.stride())
                                 .padding(options_.padding())
                                 .dilation(options_.dilation())
                                 .transposed(true)
                                 .output_padding(options_.output_padding())
                                 .groups(options_.groups())
                                 .bias(options_.bias())
                                 .padding_mode(options_.padding_mode())) {}

template <std::size_t D, class Derived>
std::vector<std::int64_t> ConvTransposeNdImpl<D, Derived>::_output_padding(
    const Tensor& input, const optional<IntArrayRef>& output_size) const {
  const auto& o = this->options;
  const IntArrayRef given = o.output_padding();
  if (!output_size) return given.vec();
  const char* name = kName<D, true>;
  const auto rank = static_cast<std::size_t>(input.dim());
  check(rank == D + 1 || rank == D + 2,
        "{}: input has shape {}, expected {} dims, or {} without a batch", name, input.sizes(),
        D + 2, D + 1);
  check(output_size->size() == D || output_size->size() == rank,
        "{}: output_size is {}, expected {} sizes or {}", name, output_size->vec(), D, rank);
  const IntArrayRef wanted = output_size->slice(output_size->size() - D);
  const ExpandingArray<D>& padding = std::get<ExpandingArray<D>>(o.padding());
  std::vector<std::int64_t> result;
  for (std::size_t d = 0; d < D; ++d) {
    const std::int64_t stride = (*o.stride())[d],
                       extent = (*o.dilation())[d] * ((*o.kernel_size())[d] - 1) + 1,
                       least =
                           (input.sizes()[rank - D + d] - 1) * stride - 2 * (*padding)[d] + extent;
    check(wanted[d] >= least && wanted[d] < least + stride,
          "{}: output_size is {}, expected {}..{} in spatial dim {} (input {})", name,
          output_size->vec(), least, least + stride - 1, d, input.sizes());
    result.push_back(wanted[d] - least);
  }
  return result;
}

template <std::size_t D, class Derived>
Tensor ConvTransposeNdImpl<D, Derived>::forward(const Tensor& input,
                                                const optional<IntArrayRef>& output_size) {
  const auto& o = this->options;
  check(std::holds_alternative<enumtype::kZeros>(o.padding_mode()),
        "{}: padding_mode is {}, expected kZeros", kName<D, true>,
        enumtype::get_enum_name(o.padding_mode()));
  const auto call = functional::ConvTransposeFuncOptions<D>()
                        .bias(this->bias)
                        .stride(o.stride())
                        .padding(std::get<ExpandingArray<D>>(o.padding()))
                        .output_padding(_output_padding(input, output_size))
                        .groups(o.groups())
                        .dilation(o.dilation());
  if constexpr (D == 1) {
    return functional::conv_transpose1d(input, this->weight, call);
  } else if constexpr (D == 2) {
    return functional::conv_transpose2d(input, this->weight, call);
  } else {
    return functional::conv_transpose3d(input, this->weight, call);
  }
}

template class ConvNdImpl<1, Conv1dImpl>;
template class ConvNdImpl<2, Conv2dImpl>;
template class ConvNdImpl<3, Conv3dImpl>;
template class ConvNdImpl<1, ConvTranspose1dImpl>;
template class ConvNdImpl<2, ConvTranspose2dImpl>;
template class ConvNdImpl<3, ConvTranspose3dImpl>;
template class ConvImpl<1, Conv1dImpl>;
template class ConvImpl<2, Conv2dImpl>;
template class ConvImpl<3, Conv3dImpl>;
template class ConvTransposeNdImpl<1, ConvTranspose1dImpl>;
template class ConvTransposeNdImpl<2, ConvTranspose2dImpl>;
template class ConvTransposeNdImpl<3, ConvTranspose3dImpl>;

}  // namespace xgrad::nn
