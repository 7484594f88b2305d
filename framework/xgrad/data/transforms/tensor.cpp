#include "xgrad/data/transforms/tensor.h"

#include "xgrad/autograd/record.h"

namespace xgrad::data::transforms::detail {

namespace {

// [..., channels, height, width] of dense floats that no tape follows: what images are.
bool is_plain_image(const Tensor& input, std::int64_t channels) {
  return input.scalar_type() == kFloat && input.dim() >= 3 && input.is_contiguous() &&
         (channels == 1 || input.size(-3) == channels) && !autograd::recording(input);
}

}  // namespace

Tensor channel_values(ArrayRef<double> values) {
  Tensor result = make_tensor({static_cast<std::int64_t>(values.size()), 1, 1}, kFloat);
  auto* out = result.data_ptr<float>();
  for (const double value : values) *out++ = static_cast<float>(value);
  return result;
}

// An image is small, and there are many: one loop costs 0.5 us for one of 28x28, two broadcasting
// ops several times that.
Tensor normalize(const Tensor& input, const Tensor& mean, const Tensor& stddev) {
  const std::int64_t channels = mean.numel();
  if (!is_plain_image(input, channels) || stddev.numel() != channels ||
      mean.scalar_type() != kFloat || stddev.scalar_type() != kFloat || !mean.is_contiguous() ||
      !stddev.is_contiguous()) {
    return input.sub(mean).div(stddev);
  }
  Tensor result = make_tensor(input.sizes(), kFloat);
  const auto* x = input.data_ptr<float>();
  auto* y = result.data_ptr<float>();
  const std::int64_t area = channels == 1 ? input.numel() : input.size(-1) * input.size(-2);
  for (std::int64_t first = 0, plane = 0; first < input.numel(); first += area, ++plane) {
    const float m = mean.data_ptr<float>()[plane % channels];
    const float s = stddev.data_ptr<float>()[plane % channels];
    for (std::int64_t i = first; i < first + area; ++i) y[i] = (x[i] - m) / s;
  }
  return result;
}

}  // namespace xgrad::data::transforms::detail
