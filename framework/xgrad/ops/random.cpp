// The distributions that fill a tensor in place. Each comment says what it takes from the stream.
#include "xgrad/ops/random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/normal.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/unary.h"

namespace xgrad {
namespace {

// A tensor's dims in the order of memory, fastest last, and the strides of another tensor along
// them.
struct MemoryOrder {
  Dims sizes, strides, beside;

  explicit MemoryOrder(const Tensor& self, IntArrayRef other = {}) {
    for (std::size_t d = 0; d < self.sizes().size(); ++d) {
      if (self.sizes()[d] == 1) continue;
      std::size_t at = sizes.size();
      while (at > 0 && strides[at - 1] < self.strides()[d]) --at;
      sizes.insert(at, self.sizes()[d]);
      strides.insert(at, self.strides()[d]);
      beside.insert(at, other.empty() ? 0 : other[d]);
    }
  }
};

// visit(offset in self, offset in the other tensor) for each element, in the order of memory.
template <class Visit>
void walk(const MemoryOrder& order, std::size_t depth, std::int64_t at, std::int64_t beside,
          const Visit& visit) {
  if (depth == order.sizes.size()) return visit(at, beside);
  for (std::int64_t i = 0; i < order.sizes[depth]; ++i) {
    walk(order, depth + 1, at + i * order.strides[depth], beside + i * order.beside[depth], visit);
  }
}

// out = draw() for each element of self, one after the other.
template <class T, class Draw>
void fill_with(const Tensor& self, const Draw& draw) {
  auto* out = static_cast<T*>(self.data_ptr());
  if (self.is_contiguous()) {
    for (std::int64_t i = 0; i < self.numel(); ++i) out[i] = static_cast<T>(draw());
  } else {
    walk(MemoryOrder(self), 0, 0, 0,
         [&](std::int64_t at, std::int64_t) { out[at] = static_cast<T>(draw()); });
  }
}

Generator choose(const optional<Generator>& generator) {
  return generator.value_or(default_generator());
}

// x * factor + shift, rounded once, as PyTorch's compiler makes it on processors with AVX2.
template <class T>
T scaled(T x, T factor, T shift) {
  return shift == 0 ? x * factor : std::fma(x, factor, shift);
}

void check_floating(const char* op, const Tensor& self) {
  check(self.is_floating_point(), "{}: not defined for dtype {}, expected floating numbers", op,
        dtype_name(self.scalar_type()));
}

// Of floating tensors, from draws in double.
template <class Draw>
Tensor& fill_floating(const char* op, const Tensor& self, const Draw& draw) {
  check_floating(op, self);
  return refill(op, self, [&] {
    dispatch_floating(self.scalar_type(),
                      [&](auto zero) { fill_with<decltype(zero)>(self, draw); });
  });
}

}  // namespace

// A number of the tensor's own precision for each element.
Tensor& Tensor::uniform_(double from, double to, OptGenerator generator) const {
  check_floating("uniform_", *this);
  check(from <= to, "uniform_: from {} is above to {}", from, to);
  return refill("uniform_", *this, [&] {
    Generator stream = choose(generator);
    dispatch_floating(scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      check(to - from <= static_cast<double>(std::numeric_limits<T>::max()),
            "uniform_: the range from {} to {} is wider than dtype {} can hold", from, to,
            dtype_name(scalar_type()));
      const T low = static_cast<T>(from), high = static_cast<T>(to);
      fill_with<T>(*this, [&] {
        if constexpr (std::is_same_v<T, double>) {
          return scaled(stream.uniform_double(), high - low, low);
        } else {
          return scaled(stream.uniform_float(), high - low, low);
        }
      });
    });
  });
}

namespace {

// Box and Muller on groups of 16 uniform numbers: of each the first 8 give the radii, the last 8
// the angles.
void transform(std::int64_t groups, float* data, float mean, float std) {
  kernels::normal_kernel()(groups, data, mean, std);
}
void transform(std::int64_t groups, double* data, double mean, double std) {
  for (std::int64_t i = 0; i < groups; ++i, data += 16) {
    for (int j = 0; j < 8; ++j) {
      const double radius = std::sqrt(-2 * std::log(1 - data[j]));
      const double angle = 2 * std::numbers::pi * data[j + 8];
      data[j] = scaled(radius * std::cos(angle), std, mean);
      data[j + 8] = scaled(radius * std::sin(angle), std, mean);
    }
  }
}

// 16 and more contiguous elements: uniform numbers for all, transformed in groups; where the last
// group is not full, the last 16 elements are drawn again.
template <class T>
void fill_normal(T* data, std::int64_t n, T mean, T std, Generator stream) {
  const auto draw = [&](T* to, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      if constexpr (std::is_same_v<T, double>) {
        to[i] = stream.uniform_double();
      } else {
        to[i] = stream.uniform_float();
      }
    }
  };
  draw(data, n);
  constexpr std::int64_t kGroups = 512;  // a thread's share: 8,192 elements, some 10 us
  parallel_for(0, n / 16, kGroups, [&](std::int64_t first, std::int64_t last) {
    transform(last - first, data + first * 16, mean, std);
  });
  if (n % 16 != 0) {
    draw(data + n - 16, 16);
    transform(1, data + n - 16, mean, std);
  }
}

}  // namespace

Tensor& Tensor::normal_(double mean, double std, OptGenerator generator) const {
  check_floating("normal_", *this);
  check(std >= 0, "normal_: std {} is negative, expected at least 0", std);
  Generator stream = choose(generator);
  if (numel() >= 16 && is_contiguous()) {
    return refill("normal_", *this, [&] {
      dispatch_floating(scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        fill_normal(data_ptr<T>(), numel(), static_cast<T>(mean), static_cast<T>(std), stream);
      });
    });
  }
  return fill_floating("normal_", *this, [&] { return scaled(stream.normal(0, 1), std, mean); });
}

// A normal number in double for each element.
Tensor& Tensor::log_normal_(double mean, double std, OptGenerator generator) const {
  check(std > 0, "log_normal_: std {} is not positive", std);
  Generator stream = choose(generator);
  return fill_floating("log_normal_", *this, [&] { return std::exp(stream.normal(mean, std)); });
}

// The others take a uniform double for each element.
Tensor& Tensor::exponential_(double lambda, OptGenerator generator) const {
  check(lambda >= 0, "exponential_: lambda {} is negative, expected at least 0", lambda);
  Generator stream = choose(generator);
  return fill_floating("exponential_", *this,
                       [&] { return -1.0 / lambda * std::log(1.0 - stream.uniform_double()); });
}

Tensor& Tensor::cauchy_(double median, double sigma, OptGenerator generator) const {
  Generator stream = choose(generator);
  return fill_floating("cauchy_", *this, [&] {
    return scaled(std::tan(std::numbers::pi * (stream.uniform_double() - 0.5)), sigma, median);
  });
}

Tensor& Tensor::geometric_(double p, OptGenerator generator) const {
  check(p > 0 && p < 1, "geometric_: p is {}, expected a number between 0 and 1", p);
  check(scalar_type() != kBool, "geometric_: not defined for dtype bool");
  return refill("geometric_", *this, [&] {
    Generator stream = choose(generator);
    dispatch(scalar_type(), [&](auto zero) {
      fill_with<decltype(zero)>(*this, [&] {
        const double trials = std::ceil(std::log(stream.uniform_double()) / std::log(1.0 - p));
        return std::min(trials, 0x1p62);  // log 0, once in 2^53 draws, is no whole number
      });
    });
  });
}

Tensor& Tensor::bernoulli_(double p, OptGenerator generator) const {
  check(p >= 0 && p <= 1, "bernoulli_: p is {}, expected 0 to 1", p);
  return refill("bernoulli_", *this, [&] {
    Generator stream = choose(generator);
    dispatch(scalar_type(), [&](auto zero) {
      fill_with<decltype(zero)>(*this, [&] { return stream.uniform_double() < p; });
    });
  });
}

// Float probabilities take a float each, double ones a double.
Tensor& Tensor::bernoulli_(const Tensor& p, OptGenerator generator) const {
  check_floating("bernoulli_", p);
  check(((p >= 0) & (p <= 1)).all().item<bool>(),
        "bernoulli_: a probability lies outside the range from 0 to 1");
  autograd::check_no_partial_overlap("bernoulli_", *this, p);
  const Tensor wide = p.detach().expand(sizes());
  return refill("bernoulli_", *this, [&] {
    Generator stream = choose(generator);
    const MemoryOrder order(*this, wide.strides());
    dispatch(scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      auto* out = static_cast<T*>(data_ptr());
      if (wide.scalar_type() == kDouble) {
        const auto* in = wide.data_ptr<double>();
        walk(order, 0, 0, 0, [&](std::int64_t at, std::int64_t from) {
          out[at] = static_cast<T>(stream.uniform_double() < in[from]);
        });
      } else {
        const auto* in = wide.data_ptr<float>();
        walk(order, 0, 0, 0, [&](std::int64_t at, std::int64_t from) {
          out[at] = static_cast<T>(stream.uniform_float() < in[from]);
        });
      }
    });
  });
}

namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::lowest();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

// The whole numbers that T holds one after the other end here: at 2^24 for float, 2^53 for double.
template <class T>
constexpr std::int64_t last_whole() {
  if constexpr (std::is_floating_point_v<T>) {
    return std::int64_t{1} << std::numeric_limits<T>::digits;
  } else {
    return static_cast<std::int64_t>(std::numeric_limits<T>::max());
  }
}

// A bound that T cannot hold moves inwards to the next number that it can, so that no sample lies
// outside.
template <class T>
std::int64_t inwards(std::int64_t bound, bool upper) {
  if (!upper && bound == kHighest) return bound;
  const std::int64_t inside = upper ? bound - 1 : bound + 1;
  const auto rounded = static_cast<std::int64_t>(static_cast<T>(inside));
  if (upper ? rounded < bound : rounded >= bound) return bound;
  const auto size = static_cast<std::uint64_t>(std::abs(inside));
  const std::int64_t step = std::int64_t{1}
                            << (std::bit_width(size) - std::numeric_limits<T>::digits);
  return upper ? rounded - step : rounded + step;
}

// 32 bits of the stream an element, or 64 where the range is wider and the dtype could show it.
template <class T>
void fill_range(const Tensor& self, std::int64_t from, std::uint64_t range, Generator stream) {
  constexpr bool wide = !std::is_integral_v<T> || sizeof(T) == 8;
  const bool draws_64 = wide && range >= std::uint64_t{1} << 32;
  const auto base = static_cast<std::uint64_t>(from);
  fill_with<T>(self, [&] {
    const std::uint64_t bits = draws_64 ? stream.random64() : stream.random();
    return static_cast<T>(static_cast<std::int64_t>(bits % range + base));
  });
}

template <class T>
void check_range(const Tensor& self, std::int64_t from, std::int64_t last) {
  if constexpr (std::is_integral_v<T>) {
    constexpr auto low = static_cast<std::int64_t>(std::numeric_limits<T>::lowest());
    constexpr auto high = static_cast<std::int64_t>(std::numeric_limits<T>::max());
    check(from >= low && from <= high && last >= low && last <= high,
          "random_: {} to {} is out of the range of dtype {}, {} to {}", from, last,
          dtype_name(self.scalar_type()), low, high);
  }
}

}  // namespace

// Whole numbers from 0 to the dtype's last one: 64 bits for int64 and double, 32 for the others.
Tensor& Tensor::random_(OptGenerator generator) const {
  return refill("random_", *this, [&] {
    Generator stream = choose(generator);
    dispatch(scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      constexpr auto count = static_cast<std::uint64_t>(last_whole<T>()) + 1;
      fill_with<T>(*this, [&] {
        return static_cast<T>((sizeof(T) == 8 ? stream.random64() : stream.random()) % count);
      });
    });
  });
}

Tensor& Tensor::random_(std::int64_t to, OptGenerator generator) const {
  return random_(0, to, std::move(generator));
}

// [from, to), or from `from` to the dtype's last whole number.
Tensor& Tensor::random_(std::int64_t from, optional<std::int64_t> to,
                        OptGenerator generator) const {
  check(!to || from < *to, "random_: from {} is not below to {}", from, to.value_or(0));
  return refill("random_", *this, [&] {
    Generator stream = choose(generator);
    dispatch(scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      if (!to && from == kLowest) {  // all 64 bits
        check(std::is_floating_point_v<T> || std::is_same_v<T, std::int64_t>,
              "random_: the whole range of int64 does not fit dtype {}", dtype_name(scalar_type()));
        return fill_with<T>(
            *this, [&] { return static_cast<T>(static_cast<std::int64_t>(stream.random64())); });
      }
      std::int64_t first = from, last = to ? *to - 1 : last_whole<T>();
      if constexpr (std::is_floating_point_v<T>) {
        first = inwards<T>(from, false);
        if (to) last = inwards<T>(*to, true) - 1;
        check(first <= last, "random_: dtype {} has no whole number from {} to {}",
              dtype_name(scalar_type()), from, to.value_or(kHighest));
      }
      check_range<T>(*this, first, last);
      fill_range<T>(*this, first,
                    static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first) + 1,
                    stream);
    });
  });
}

}  // namespace xgrad
