#include "xgrad/nn/functional/upsampling.h"

#include <cmath>

#include "xgrad/core/format.h"
#include "xgrad/ops/pooling.h"
#include "xgrad/ops/upsample.h"

namespace xgrad::nn::functional {

namespace {

using Mode = InterpolateFuncOptions::mode_t;

template <class Tag>
bool is(const Mode& mode) {
  return std::holds_alternative<Tag>(mode);
}

// The number of spatial dims that a mode is for; 0: any.
std::int64_t spatial_dims(const Mode& mode) {
  if (is<enumtype::kLinear>(mode)) return 1;
  if (is<enumtype::kBilinear>(mode) || is<enumtype::kBicubic>(mode)) return 2;
  return is<enumtype::kTrilinear>(mode) ? 3 : 0;
}

std::vector<std::int64_t> output_size(const Tensor& input, const InterpolateFuncOptions& options) {
  const auto spatial = static_cast<std::size_t>(input.dim() - 2);
  if (options.size()) {
    check(options.size()->size() == spatial,
          "interpolate: size {} for an input of shape {}, expected {} values", *options.size(),
          input.sizes(), spatial);
    return *options.size();
  }
  check(options.scale_factor()->size() == spatial,
        "interpolate: scale_factor {} for an input of shape {}, expected {} values",
        *options.scale_factor(), input.sizes(), spatial);
  std::vector<std::int64_t> size;
  for (std::size_t i = 0; i < spatial; ++i) {
    const double in = static_cast<double>(input.size(static_cast<std::int64_t>(i) + 2));
    size.push_back(static_cast<std::int64_t>(std::floor(in * (*options.scale_factor())[i])));
  }
  return size;
}

}  // namespace

Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options) {
  const Mode& mode = options.mode();
  const std::string name = enumtype::get_enum_name(mode);
  check(input.dim() >= 3 && input.dim() <= 5,
        "interpolate: input has shape {}, expected [N, C, 1 to 3 spatial dims]", input.sizes());
  const std::int64_t spatial = input.dim() - 2, expected = spatial_dims(mode);
  check(expected == 0 || expected == spatial,
        "interpolate: mode {} is for {} spatial dims, but input has shape {}", name, expected,
        input.sizes());
  check(options.size().has_value() != options.scale_factor().has_value(),
        "interpolate: {} of size and scale_factor are given, expected one",
        options.size() ? "both" : "none");
  // kNearestExact takes it without a use for it, as in PyTorch.
  check(expected != 0 || !options.align_corners() || is<enumtype::kNearestExact>(mode),
        "interpolate: mode {} has no align_corners", name);
  check(!options.antialias() || expected == 2,
        "interpolate: mode {} has no antialias, expected kBilinear or kBicubic", name);
  const std::vector<std::int64_t> size = output_size(input, options);
  if (is<enumtype::kArea>(mode)) {
    return spatial == 1   ? adaptive_avg_pool1d(input, size)
           : spatial == 2 ? adaptive_avg_pool2d(input, size)
                          : adaptive_avg_pool3d(input, size);
  }
  const bool own_scale =
      options.scale_factor() && !options.recompute_scale_factor().value_or(false);
  const bool cubic = is<enumtype::kBicubic>(mode);
  const Resampling how = is<enumtype::kNearest>(mode)        ? Resampling::nearest
                         : is<enumtype::kNearestExact>(mode) ? Resampling::nearest_exact
                         : options.antialias()
                             ? (cubic ? Resampling::antialias_cubic : Resampling::antialias_linear)
                         : cubic ? Resampling::cubic
                                 : Resampling::linear;
  return resample("interpolate", input, size, how,
                  expected != 0 && options.align_corners().value_or(false),
                  own_scale ? ArrayRef<double>(*options.scale_factor()) : ArrayRef<double>());
}

}  // namespace xgrad::nn::functional
