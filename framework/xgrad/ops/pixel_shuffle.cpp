#include "xgrad/ops/pixel_shuffle.h"

#include "xgrad/core/format.h"

namespace xgrad {

namespace {

void check_image(const char* op, const Tensor& input, std::int64_t factor) {
  check(input.dim() >= 3, "{}: input has shape {}, expected [..., C, H, W]", op, input.sizes());
  check(factor > 0, "{}: the factor is {}, expected at least 1", op, factor);
}

// input [..., C, H, W] with the last three sizes replaced by others.
Dims with_last(const Tensor& input, std::initializer_list<std::int64_t> last) {
  Dims sizes = input.sizes().slice(0, input.sizes().size() - 3);
  for (const std::int64_t size : last) sizes.push_back(size);
  return sizes;
}

// Reorders the last dims: order[i] counts from the first of them.
Tensor permute_last(const Tensor& x, std::initializer_list<std::int64_t> order) {
  Dims dims;
  const std::int64_t leading = x.dim() - static_cast<std::int64_t>(order.size());
  for (std::int64_t d = 0; d < leading; ++d) dims.push_back(d);
  for (const std::int64_t d : order) dims.push_back(leading + d);
  return x.permute(dims);
}

}  // namespace

Tensor pixel_shuffle(const Tensor& input, std::int64_t r) {
  check_image("pixel_shuffle", input, r);
  const std::int64_t channels = input.size(-3), h = input.size(-2), w = input.size(-1),
                     c = channels / (r * r);
  check(channels % (r * r) == 0,
        "pixel_shuffle: {} channels cannot be divided by the factor's square, {}", channels, r * r);
  const Tensor x = input.reshape(with_last(input, {c, r, r, h, w}));
  return permute_last(x, {0, 3, 1, 4, 2}).reshape(with_last(input, {c, h * r, w * r}));
}

Tensor pixel_unshuffle(const Tensor& input, std::int64_t r) {
  check_image("pixel_unshuffle", input, r);
  const std::int64_t c = input.size(-3), h = input.size(-2), w = input.size(-1);
  check(h % r == 0 && w % r == 0,
        "pixel_unshuffle: height {} and width {} cannot be divided by the factor, {}", h, w, r);
  const Tensor x = input.reshape(with_last(input, {c, h / r, r, w / r, r}));
  return permute_last(x, {0, 2, 4, 1, 3}).reshape(with_last(input, {c * r * r, h / r, w / r}));
}

Tensor channel_shuffle(const Tensor& input, std::int64_t groups) {
  check(input.dim() >= 3, "channel_shuffle: input has shape {}, expected [N, C, ...]",
        input.sizes().vec());
  const std::int64_t channels = input.size(1);
  check(groups > 0 && channels % groups == 0,
        "channel_shuffle: {} channels cannot be divided into {} groups", channels, groups);
  return input.unflatten(1, {groups, channels / groups}).transpose(1, 2).reshape(input.sizes());
}

}  // namespace xgrad
