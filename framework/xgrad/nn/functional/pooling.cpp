#include "xgrad/nn/functional/pooling.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/activation.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/pooling.h"
#include "xgrad/ops/pow.h"
#include "xgrad/ops/random.h"

namespace xgrad::nn::functional {

namespace {

// The size with the input's where it has none.
template <std::size_t D>
std::vector<std::int64_t> with_default(const char* op,
                                       const ExpandingArrayWithOptionalElem<D>& size,
                                       const Tensor& input) {
  check(input.sizes().size() > D, "{}: input has shape {}, expected {} spatial dims", op,
        input.sizes().vec(), D);
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i < D; ++i)
    sizes.push_back((*size)[i].value_or(input.sizes()[input.sizes().size() - D + i]));
  return sizes;
}

template <std::size_t D>
std::vector<std::int64_t> unpool_size(const char* op, const Tensor& input,
                                      const MaxUnpoolFuncOptions<D>& options) {
  check(input.sizes().size() > D, "{}: input has shape {}, expected {} spatial dims", op,
        input.sizes().vec(), D);
  const IntArrayRef spatial = input.sizes().slice(input.sizes().size() - D);
  std::vector<std::int64_t> usual;
  for (std::size_t i = 0; i < D; ++i) {
    usual.push_back((spatial[i] - 1) * (*options.stride())[i] + (*options.kernel_size())[i] -
                    2 * (*options.padding())[i]);
  }
  if (!options.output_size()) return usual;
  const std::vector<std::int64_t>& given = *options.output_size();
  check(given.size() == D || given.size() == input.sizes().size(),
        "{}: output_size is {}, expected {} or {} values", op, given, D, input.sizes().size());
  const std::vector<std::int64_t> size(given.end() - static_cast<std::ptrdiff_t>(D), given.end());
  for (std::size_t i = 0; i < D; ++i) {
    const std::int64_t step = (*options.stride())[i];
    check(usual[i] - step <= size[i] && size[i] <= usual[i] + step,
          "{}: output_size is {}, expected {}..{} for spatial dim {}", op, given, usual[i] - step,
          usual[i] + step, i);
  }
  return size;
}

template <std::size_t D>
std::vector<std::int64_t> fractional_size(const char* op, const Tensor& input,
                                          const FractionalMaxPoolOptions<D>& options) {
  check(options.output_size() || options.output_ratio(),
        "{}: neither output_size nor output_ratio is given, expected one", op);
  check(input.sizes().size() > D, "{}: input has shape {}, expected {} spatial dims", op,
        input.sizes().vec(), D);
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i < D; ++i) {
    const auto size = static_cast<double>(input.sizes()[input.sizes().size() - D + i]);
    sizes.push_back(options.output_size()
                        ? (**options.output_size())[i]
                        : static_cast<std::int64_t>(size * (**options.output_ratio())[i]));
  }
  return sizes;
}

// [N, C, D], for an input without a batch N = 1.
template <std::size_t D>
Tensor samples_for(const Tensor& input, const FractionalMaxPoolOptions<D>& options) {
  if (options._random_samples().defined()) return options._random_samples();
  const std::int64_t dims = D, batch = input.dim() == dims + 1 ? 1 : input.size(0);
  return rand({batch, input.size(-dims - 1), dims}, input.options());
}

Tensor root_of_mean(const Tensor& mean, double norm_type, std::int64_t elements) {
  return (mean.sign() * relu(mean.abs())).mul(elements).pow(1 / norm_type);
}

}  // namespace

Tensor avg_pool1d(const Tensor& input, const AvgPool1dFuncOptions& options) {
  return xgrad::avg_pool1d(input, options.kernel_size(), options.stride(), options.padding(),
                           options.ceil_mode(), options.count_include_pad());
}
Tensor avg_pool2d(const Tensor& input, const AvgPool2dFuncOptions& options) {
  return xgrad::avg_pool2d(input, options.kernel_size(), options.stride(), options.padding(),
                           options.ceil_mode(), options.count_include_pad(),
                           options.divisor_override());
}
Tensor avg_pool3d(const Tensor& input, const AvgPool3dFuncOptions& options) {
  return xgrad::avg_pool3d(input, options.kernel_size(), options.stride(), options.padding(),
                           options.ceil_mode(), options.count_include_pad(),
                           options.divisor_override());
}

Tensor max_pool1d(const Tensor& input, const MaxPool1dFuncOptions& options) {
  return xgrad::max_pool1d(input, options.kernel_size(), options.stride(), options.padding(),
                           options.dilation(), options.ceil_mode());
}
Tensor max_pool2d(const Tensor& input, const MaxPool2dFuncOptions& options) {
  return xgrad::max_pool2d(input, options.kernel_size(), options.stride(), options.padding(),
                           options.dilation(), options.ceil_mode());
}
Tensor max_pool3d(const Tensor& input, const MaxPool3dFuncOptions& options) {
  return xgrad::max_pool3d(input, options.kernel_size(), options.stride(), options.padding(),
                           options.dilation(), options.ceil_mode());
}
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& input,
                                                   const MaxPool1dFuncOptions& options) {
  return xgrad::max_pool1d_with_indices(input, options.kernel_size(), options.stride(),
                                        options.padding(), options.dilation(), options.ceil_mode());
}
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& input,
                                                   const MaxPool2dFuncOptions& options) {
  return xgrad::max_pool2d_with_indices(input, options.kernel_size(), options.stride(),
                                        options.padding(), options.dilation(), options.ceil_mode());
}
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& input,
                                                   const MaxPool3dFuncOptions& options) {
  return xgrad::max_pool3d_with_indices(input, options.kernel_size(), options.stride(),
                                        options.padding(), options.dilation(), options.ceil_mode());
}

Tensor adaptive_max_pool1d(const Tensor& input, const AdaptiveMaxPool1dFuncOptions& options) {
  return std::get<0>(adaptive_max_pool1d_with_indices(input, options));
}
Tensor adaptive_max_pool2d(const Tensor& input, const AdaptiveMaxPool2dFuncOptions& options) {
  return std::get<0>(adaptive_max_pool2d_with_indices(input, options));
}
Tensor adaptive_max_pool3d(const Tensor& input, const AdaptiveMaxPool3dFuncOptions& options) {
  return std::get<0>(adaptive_max_pool3d_with_indices(input, options));
}
std::tuple<Tensor, Tensor> adaptive_max_pool1d_with_indices(
    const Tensor& input, const AdaptiveMaxPool1dFuncOptions& options) {
  return xgrad::adaptive_max_pool1d(input, options.output_size());
}
std::tuple<Tensor, Tensor> adaptive_max_pool2d_with_indices(
    const Tensor& input, const AdaptiveMaxPool2dFuncOptions& options) {
  return xgrad::adaptive_max_pool2d(
      input, with_default("adaptive_max_pool2d", options.output_size(), input));
}
std::tuple<Tensor, Tensor> adaptive_max_pool3d_with_indices(
    const Tensor& input, const AdaptiveMaxPool3dFuncOptions& options) {
  return xgrad::adaptive_max_pool3d(
      input, with_default("adaptive_max_pool3d", options.output_size(), input));
}

Tensor adaptive_avg_pool1d(const Tensor& input, const AdaptiveAvgPool1dFuncOptions& options) {
  return xgrad::adaptive_avg_pool1d(input, options.output_size());
}
Tensor adaptive_avg_pool2d(const Tensor& input, const AdaptiveAvgPool2dFuncOptions& options) {
  return xgrad::adaptive_avg_pool2d(
      input, with_default("adaptive_avg_pool2d", options.output_size(), input));
}
Tensor adaptive_avg_pool3d(const Tensor& input, const AdaptiveAvgPool3dFuncOptions& options) {
  return xgrad::adaptive_avg_pool3d(
      input, with_default("adaptive_avg_pool3d", options.output_size(), input));
}

Tensor max_unpool1d(const Tensor& input, const Tensor& indices,
                    const MaxUnpool1dFuncOptions& options) {
  std::vector<std::int64_t> size = unpool_size("max_unpool1d", input, options);
  size.push_back(1);
  return xgrad::max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), size).squeeze(-1);
}
Tensor max_unpool2d(const Tensor& input, const Tensor& indices,
                    const MaxUnpool2dFuncOptions& options) {
  return xgrad::max_unpool2d(input, indices, unpool_size("max_unpool2d", input, options));
}
Tensor max_unpool3d(const Tensor& input, const Tensor& indices,
                    const MaxUnpool3dFuncOptions& options) {
  return xgrad::max_unpool3d(input, indices, unpool_size("max_unpool3d", input, options),
                             options.stride(), options.padding());
}

Tensor fractional_max_pool2d(const Tensor& input, const FractionalMaxPool2dFuncOptions& options) {
  return std::get<0>(fractional_max_pool2d_with_indices(input, options));
}
Tensor fractional_max_pool3d(const Tensor& input, const FractionalMaxPool3dFuncOptions& options) {
  return std::get<0>(fractional_max_pool3d_with_indices(input, options));
}
std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(
    const Tensor& input, const FractionalMaxPool2dFuncOptions& options) {
  const std::vector<std::int64_t> size = fractional_size("fractional_max_pool2d", input, options);
  return xgrad::fractional_max_pool2d(input, options.kernel_size(), size,
                                      samples_for(input, options));
}
std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(
    const Tensor& input, const FractionalMaxPool3dFuncOptions& options) {
  const std::vector<std::int64_t> size = fractional_size("fractional_max_pool3d", input, options);
  return xgrad::fractional_max_pool3d(input, options.kernel_size(), size,
                                      samples_for(input, options));
}

Tensor lp_pool1d(const Tensor& input, const LPPool1dFuncOptions& options) {
  const Tensor mean = xgrad::avg_pool1d(input.pow(options.norm_type()), options.kernel_size(),
                                        options.stride(), 0, options.ceil_mode());
  return root_of_mean(mean, options.norm_type(), options.kernel_size()->front());
}
Tensor lp_pool2d(const Tensor& input, const LPPool2dFuncOptions& options) {
  const Tensor mean = xgrad::avg_pool2d(input.pow(options.norm_type()), options.kernel_size(),
                                        options.stride(), 0, options.ceil_mode());
  return root_of_mean(mean, options.norm_type(),
                      options.kernel_size()->front() * options.kernel_size()->back());
}

}  // namespace xgrad::nn::functional
