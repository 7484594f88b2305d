#include "xgrad/ops/pad.h"

#include <algorithm>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/map.h"

namespace xgrad {

using namespace autograd;

namespace {

void check_pairs(const char* op, const Tensor& input, IntArrayRef padding) {
  check(padding.size() % 2 == 0, "{}: {} paddings, expected pairs (left, right)", op,
        padding.size());
  check(static_cast<std::int64_t>(padding.size()) <= 2 * input.dim(),
        "{}: {} pairs of paddings for an input of shape {}", op, padding.size() / 2, input.sizes());
}

// The dim that the i-th pair is for.
std::int64_t dim_of_pair(const Tensor& input, std::size_t pair) {
  return input.dim() - 1 - static_cast<std::int64_t>(pair);
}

// Where output element i of a padded dim comes from: source(i - left, size), for i below left +
// size + right.
template <class Source>
Tensor pad_by_index(const char* op, const Tensor& input, IntArrayRef padding, Source source) {
  Tensor y = input;
  for (std::size_t pair = 0; pair < padding.size() / 2; ++pair) {
    const std::int64_t left = padding[2 * pair], right = padding[2 * pair + 1],
                       dim = dim_of_pair(input, pair), size = input.size(dim);
    if (left == 0 && right == 0) continue;
    check(left + size + right > 0, "{}: dim {} of size {} would get size {} by padding {} and {}",
          op, dim, size, left + size + right, left, right);
    const Tensor index = make_tensor({left + size + right}, kLong);
    auto* from = index.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < index.numel(); ++i) from[i] = source(i - left, size);
    y = y.index_select(dim, index);
  }
  return y.is_same(input) ? input.clone() : y;
}

// Input [C, ...] or [N, C, ...] with a dim for each pair.
void check_spatial(const char* op, const Tensor& input, IntArrayRef padding, std::size_t pairs) {
  const auto spatial = static_cast<std::int64_t>(pairs);
  check(padding.size() == 2 * pairs, "{}: {} paddings, expected {}", op, padding.size(), 2 * pairs);
  check(input.dim() == spatial + 1 || input.dim() == spatial + 2,
        "{}: input has shape {}, expected {} or {} dims", op, input.sizes(), spatial + 1,
        spatial + 2);
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const std::int64_t dim = dim_of_pair(input, pair);
    check(input.size(dim) > 0, "{}: input has shape {}, and nothing in dim {} to repeat", op,
          input.sizes(), dim);
  }
}

Tensor reflection_pad(const char* op, const Tensor& input, IntArrayRef padding, std::size_t pairs) {
  check_spatial(op, input, padding, pairs);
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const std::int64_t size = input.size(dim_of_pair(input, pair)), left = padding[2 * pair],
                       right = padding[2 * pair + 1];
    check(left < size && right < size,
          "{}: paddings {} and {} of dim {} of size {}, expected less than the size", op, left,
          right, dim_of_pair(input, pair), size);
  }
  return pad_by_index(op, input, padding, [](std::int64_t i, std::int64_t size) {
    return i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
  });
}

Tensor replication_pad(const char* op, const Tensor& input, IntArrayRef padding,
                       std::size_t pairs) {
  check_spatial(op, input, padding, pairs);
  return pad_by_index(op, input, padding, [](std::int64_t i, std::int64_t size) {
    return std::clamp<std::int64_t>(i, 0, size - 1);
  });
}

}  // namespace

Tensor constant_pad_nd(const Tensor& input, IntArrayRef padding, const Scalar& value) {
  const char* op = "constant_pad_nd";
  check_pairs(op, input, padding);
  Dims sizes = input.sizes();
  for (std::size_t pair = 0; pair < padding.size() / 2; ++pair) {
    const std::int64_t dim = dim_of_pair(input, pair), left = padding[2 * pair],
                       right = padding[2 * pair + 1];
    std::int64_t& size = sizes[static_cast<std::size_t>(dim)];
    check(left + size + right >= 0, "{}: dim {} of size {} would get size {} by padding {} and {}",
          op, dim, size, left + size + right, left, right);
    size += left + right;
  }
  const Tensor y =
      empty(sizes, input.scalar_type(),
            is_like_channels_last(input) ? MemoryFormat::ChannelsLast : MemoryFormat::Contiguous);
  {
    NoGradGuard no_grad;
    y.fill_(value);
    Tensor from = input, to = y;  // what of both remains when negative paddings have cut their ends
    for (std::size_t pair = 0; pair < padding.size() / 2; ++pair) {
      const std::int64_t dim = dim_of_pair(input, pair), left = padding[2 * pair],
                         right = padding[2 * pair + 1], none = 0;
      const std::int64_t first = std::max(none, -left),
                         length = std::max(none, input.size(dim) - first - std::max(none, -right));
      from = from.narrow(dim, std::min(first, input.size(dim)), length);
      to = to.narrow(dim, std::min(std::max(none, left), to.size(dim)), length);
    }
    to.copy_(from);
  }
  if (recording(input)) {
    Dims back(padding.size(), 0);
    for (std::size_t i = 0; i < padding.size(); ++i) back[i] = -padding[i];
    record("ConstantPadNdBackward0", y, {input},
           [back](const Tensor& dy, Gradients& dx) { dx[0] = constant_pad_nd(dy, back, 0); });
  }
  return y;
}

Tensor reflection_pad1d(const Tensor& input, IntArrayRef padding) {
  return reflection_pad("reflection_pad1d", input, padding, 1);
}
Tensor reflection_pad2d(const Tensor& input, IntArrayRef padding) {
  return reflection_pad("reflection_pad2d", input, padding, 2);
}
Tensor reflection_pad3d(const Tensor& input, IntArrayRef padding) {
  return reflection_pad("reflection_pad3d", input, padding, 3);
}
Tensor replication_pad1d(const Tensor& input, IntArrayRef padding) {
  return replication_pad("replication_pad1d", input, padding, 1);
}
Tensor replication_pad2d(const Tensor& input, IntArrayRef padding) {
  return replication_pad("replication_pad2d", input, padding, 2);
}
Tensor replication_pad3d(const Tensor& input, IntArrayRef padding) {
  return replication_pad("replication_pad3d", input, padding, 3);
}

Tensor circular_pad(const Tensor& input, IntArrayRef padding) {
  const char* op = "circular_pad";
  check_pairs(op, input, padding);
  for (std::size_t pair = 0; pair < padding.size() / 2; ++pair) {
    const std::int64_t size = input.size(dim_of_pair(input, pair)), left = padding[2 * pair],
                       right = padding[2 * pair + 1];
    check(left <= size && right <= size,
          "{}: paddings {} and {} of dim {} of size {}, expected at most the size", op, left, right,
          dim_of_pair(input, pair), size);
  }
  // What negative paddings cut off is gone before the rest wraps.
  Dims cuts(padding.size(), 0), added(padding.size(), 0);
  for (std::size_t i = 0; i < padding.size(); ++i) (padding[i] < 0 ? cuts : added)[i] = padding[i];
  const bool cut = std::any_of(cuts.begin(), cuts.end(), [](std::int64_t n) { return n != 0; });
  return pad_by_index(op, cut ? constant_pad_nd(input, cuts) : input, added,
                      [](std::int64_t i, std::int64_t size) { return ((i % size) + size) % size; });
}

Tensor pad(const Tensor& input, IntArrayRef padding, std::string_view mode,
           optional<double> value) {
  check_pairs("pad", input, padding);
  if (mode == "constant") return constant_pad_nd(input, padding, value.value_or(0));
  check(mode == "reflect" || mode == "replicate" || mode == "circular",
        "pad: mode '{}' is unknown, expected constant, reflect, replicate or circular", mode);
  const double given = value.value_or(0);  // check() evaluates the text's values at every call
  check(given == 0, "pad: mode '{}' takes no value, but it is {}", mode, given);
  const std::size_t pairs = padding.size() / 2;
  check(pairs >= 1 && pairs <= 3 &&
            (input.dim() == static_cast<std::int64_t>(pairs) + 1 ||
             input.dim() == static_cast<std::int64_t>(pairs) + 2),
        "pad: mode '{}' with {} pairs of paddings for an input of shape {}, expected 1 to 3 pairs "
        "and 1 or 2 dims more",
        mode, pairs, input.sizes());
  if (mode == "reflect") return reflection_pad("pad", input, padding, pairs);
  return mode == "replicate" ? replication_pad("pad", input, padding, pairs)
                             : circular_pad(input, padding);
}

}  // namespace xgrad
