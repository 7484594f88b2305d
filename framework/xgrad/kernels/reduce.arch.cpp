#include "xgrad/kernels/reduce.h"

#include <limits>
#include <utility>

#include "xgrad/kernels/lanes.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {
namespace {

using Index = std::int64_t;

template <ReduceOp kOp, class T>
constexpr bool exists =
    std::is_floating_point_v<T> ||
    !(kOp == ReduceOp::nansum || kOp == ReduceOp::wide_sum || kOp == ReduceOp::square_deviation ||
      kOp == ReduceOp::abs_sum || kOp == ReduceOp::square_sum || kOp == ReduceOp::abs_max ||
      kOp == ReduceOp::abs_min);

// The type that results and accumulators have.
template <ReduceOp kOp, class T>
constexpr auto result_example() {
  if constexpr (kOp == ReduceOp::any || kOp == ReduceOp::all) {
    return bool{};
  } else if constexpr (kOp == ReduceOp::count_nonzero) {
    return std::int64_t{};
  } else if constexpr (kOp == ReduceOp::wide_sum || kOp == ReduceOp::square_deviation) {
    return double{};
  } else if constexpr ((kOp == ReduceOp::sum || kOp == ReduceOp::prod) && std::is_integral_v<T>) {
    return std::int64_t{};
  } else {
    return T{};
  }
}
template <ReduceOp kOp, class T>
using ResultOf = decltype(result_example<kOp, T>());

XGRAD_INLINE float absolute(float x) { return __builtin_fabsf(x); }
XGRAD_INLINE double absolute(double x) { return __builtin_fabs(x); }
template <class T, class A>
XGRAD_INLINE xsimd::batch<T, A> absolute(xsimd::batch<T, A> x) {
  return xsimd::abs(x);
}

// The reduction of nothing.
template <ReduceOp kOp, class A>
constexpr A identity() {
  using Limits = std::numeric_limits<A>;
  switch (kOp) {
    case ReduceOp::prod:
    case ReduceOp::all:
      return A{1};
    case ReduceOp::max:
      return Limits::has_infinity ? static_cast<A>(-Limits::infinity()) : Limits::lowest();
    case ReduceOp::min:
    case ReduceOp::abs_min:
      return Limits::has_infinity ? Limits::infinity() : Limits::max();
    default:
      return A{0};
  }
}

// What an element contributes; V is a vector or one number of the result's type.
template <ReduceOp kOp, class V>
XGRAD_INLINE V term(V x, [[maybe_unused]] V centre) {
  if constexpr (kOp == ReduceOp::nansum) {
    return choose(x == x, x, constant<V>(0));  // by ==: xsimd 8.1's != is false for NaN on AVX
  } else if constexpr (kOp == ReduceOp::square_deviation) {
    return (x - centre) * (x - centre);
  } else if constexpr (kOp == ReduceOp::square_sum) {
    return x * x;
  } else if constexpr (kOp == ReduceOp::abs_sum || kOp == ReduceOp::abs_max ||
                       kOp == ReduceOp::abs_min) {
    return absolute(x);
  } else {
    return x;
  }
}
// The same for what has no vectors: integers, and answers that are not of the elements' type.
template <ReduceOp kOp, class A, class T>
XGRAD_INLINE A plain_term(T x) {
  if constexpr (kOp == ReduceOp::any || kOp == ReduceOp::all || kOp == ReduceOp::count_nonzero) {
    return static_cast<A>(x != T{});
  } else {
    return static_cast<A>(x);
  }
}

template <ReduceOp kOp, class V>
XGRAD_INLINE V joined(V a, V b) {
  if constexpr (kOp == ReduceOp::max || kOp == ReduceOp::abs_max) {
    return larger(a, b);
  } else if constexpr (kOp == ReduceOp::min || kOp == ReduceOp::abs_min) {
    return smaller(a, b);
  } else if constexpr (kOp == ReduceOp::any) {
    return a | b;
  } else if constexpr (kOp == ReduceOp::all) {
    return a & b;
  } else if constexpr (std::is_integral_v<V>) {  // wraps
    const auto p = static_cast<std::uint64_t>(a), q = static_cast<std::uint64_t>(b);
    return static_cast<V>(kOp == ReduceOp::prod ? p * q : p + q);
  } else if constexpr (kOp == ReduceOp::prod) {
    return a * b;
  } else {
    return a + b;
  }
}

template <ReduceOp kOp, class T>
constexpr bool has_vectors =
    std::is_floating_point_v<T>&& std::is_floating_point_v<ResultOf<kOp, T>>;

constexpr Index kBlock =
    32;  // rows that are joined straight; 16 lose 5% of the speed, 64 a bit of the sum
constexpr int kLevels = 17;  // kLongestRun / kBlock blocks, halved until one is left
constexpr int kVectors = 4;  // in flight: an addition takes 4 cycles, and two can begin in each

// result[w] = the rows x[i * step + w * width ...] joined over i < rows: blocks straight, then
// blocks by pairs.
template <ReduceOp kOp, int kWidth, class T, class A = ResultOf<kOp, T>>
XGRAD_INLINE void panel(Index rows, Index step, const T* x, const Batch<A>* centre,
                        Batch<A>* result) {
  using V = Batch<A>;
  constexpr Index width = V::size;
  V stack[kLevels][kWidth];
  int depth = 0;
  Index blocks = 0;
  for (; rows >= kBlock; rows -= kBlock) {
    V block[kWidth];
    for (int w = 0; w < kWidth; ++w) block[w] = term<kOp>(load<A>(x + w * width), centre[w]);
    x += step;
    for (Index i = 1; i < kBlock; ++i, x += step) {
      for (int w = 0; w < kWidth; ++w)
        block[w] = joined<kOp>(block[w], term<kOp>(load<A>(x + w * width), centre[w]));
    }
    for (Index pairs = ++blocks; pairs % 2 == 0; pairs /= 2) {
      --depth;
      for (int w = 0; w < kWidth; ++w) block[w] = joined<kOp>(stack[depth][w], block[w]);
    }
    for (int w = 0; w < kWidth; ++w) stack[depth][w] = block[w];
    ++depth;
  }
  V rest[kWidth];
  for (int w = 0; w < kWidth; ++w) rest[w] = V(identity<kOp, A>());
  for (; rows > 0; --rows, x += step) {
    for (int w = 0; w < kWidth; ++w)
      rest[w] = joined<kOp>(rest[w], term<kOp>(load<A>(x + w * width), centre[w]));
  }
  while (depth-- > 0) {
    for (int w = 0; w < kWidth; ++w) rest[w] = joined<kOp>(stack[depth][w], rest[w]);
  }
  for (int w = 0; w < kWidth; ++w) result[w] = rest[w];
}

template <ReduceOp kOp, class T, class A = ResultOf<kOp, T>>
XGRAD_INLINE A row(Index n, const T* x, A centre) {
  using V = Batch<A>;
  constexpr Index width = V::size, stride = width * kVectors;
  if (n < width) {
    A result = identity<kOp, A>();
    for (Index i = 0; i < n; ++i)
      result = joined<kOp>(result, term<kOp>(static_cast<A>(x[i]), centre));
    return result;
  }
  V total(identity<kOp, A>());
  Index i = 0;
  if (n >= stride) {
    V parts[kVectors], centres[kVectors];
    for (V& c : centres) c = V(centre);
    panel<kOp, kVectors>(n / stride, stride, x, centres, parts);
    total = joined<kOp>(joined<kOp>(parts[0], parts[1]), joined<kOp>(parts[2], parts[3]));
    i = n / stride * stride;
  }
  for (; i + width <= n; i += width)
    total = joined<kOp>(total, term<kOp>(load<A>(x + i), V(centre)));
  if (i < n) {
    const V last = term<kOp>(load<A>(x + n - width), V(centre));
    total = joined<kOp>(total, keep_last(last, n - i, identity<kOp, A>()));
  }
  return fold(total, [](A a, A b) { return joined<kOp>(a, b); });
}

// any and all: in chunks without branches, up to the first that decides.
template <ReduceOp kOp, class T>
XGRAD_INLINE bool answer(Index n, const T* x) {
  constexpr Index chunk = 256;
  constexpr bool undecided = kOp == ReduceOp::all;
  int decided = 0;
  for (Index i = 0; i < n && decided == 0;) {
    const Index end = i + chunk < n ? i + chunk : n;
    for (; i < end; ++i) decided |= static_cast<int>((x[i] != T{}) != undecided);
  }
  return (decided != 0) != undecided;
}

template <ReduceOp kOp, class T>
void rows(Index count, Index step, Index n, const void* input, const void* centres, void* output) {
  using A = ResultOf<kOp, T>;
  const T* x = static_cast<const T*>(input);
  [[maybe_unused]] const A* centre = static_cast<const A*>(centres);
  A* y = static_cast<A*>(output);
  for (Index i = 0; i < count; ++i, x += step) {
    if constexpr (has_vectors<kOp, T>) {
      y[i] = row<kOp>(n, x, centre ? centre[i] : A{0});
    } else if constexpr (std::is_same_v<A, bool> && kOp != ReduceOp::max && kOp != ReduceOp::min) {
      y[i] = answer<kOp>(n, x);
    } else {
      A result = identity<kOp, A>();
      for (Index j = 0; j < n; ++j)
        result = static_cast<A>(joined<kOp>(result, plain_term<kOp, A>(x[j])));
      y[i] = result;
    }
  }
}

// Fewer columns than a vector has lanes: a whole vector is read while it ends inside the rows that
// are being reduced.
template <ReduceOp kOp, class T, class A = ResultOf<kOp, T>>
XGRAD_INLINE void few_columns(Index count, Index step, Index n, const T* x, const A* centre, A* y) {
  using V = Batch<A>;
  constexpr Index width = V::size;
  const Index beyond = step > 0 ? (width - n + step - 1) / step
                                : count;  // rows at the end that a vector would leave
  const Index whole = count > beyond ? count - beyond : 0;
  const V c = centre ? load_part<A>(centre, n, A{0}) : V(A{0});
  V result;
  panel<kOp, 1>(whole, step, x, &c, &result);
  for (Index i = whole; i < count; ++i) {
    result = joined<kOp>(result, term<kOp>(load_part<A>(x + i * step, n, A{0}), c));
  }
  store_part(result, y, n);
}

template <ReduceOp kOp, class T>
void columns(Index count, Index step, Index n, const void* input, const void* centres,
             void* output) {
  using A = ResultOf<kOp, T>;
  const T* x = static_cast<const T*>(input);
  [[maybe_unused]] const A* centre = static_cast<const A*>(centres);
  A* __restrict y = static_cast<A*>(output);
  if constexpr (has_vectors<kOp, T>) {
    using V = Batch<A>;
    constexpr Index width = V::size;
    if (n < width) return few_columns<kOp>(count, step, n, x, centre, y);
    Index j = 0;
    for (; j + width * kVectors <= n; j += width * kVectors) {
      V c[kVectors], result[kVectors];
      for (int w = 0; w < kVectors; ++w)
        c[w] = centre ? V::load_unaligned(centre + j + w * width) : V(A{0});
      panel<kOp, kVectors>(count, step, x + j, c, result);
      for (int w = 0; w < kVectors; ++w) result[w].store_unaligned(y + j + w * width);
    }
    while (j < n) {
      if (j + width > n) j = n - width;  // some columns again, with the same result
      const V c = centre ? V::load_unaligned(centre + j) : V(A{0});
      V result;
      panel<kOp, 1>(count, step, x + j, &c, &result);
      result.store_unaligned(y + j);
      j += width;
    }
  } else {
    for (Index j = 0; j < n; ++j) y[j] = identity<kOp, A>();
    for (Index i = 0; i < count; ++i, x += step) {
      for (Index j = 0; j < n; ++j)
        y[j] = static_cast<A>(joined<kOp>(y[j], plain_term<kOp, A>(x[j])));
    }
  }
}

template <ReduceOp kOp, class A>
void join(Index n, void* output, const void* other) {
  A* y = static_cast<A*>(output);
  const A* x = static_cast<const A*>(other);
  for (Index i = 0; i < n; ++i) y[i] = static_cast<A>(joined<kOp>(y[i], x[i]));
}

template <class T>
void find(Index count, Index n, const void* input, const void* values, Index* positions) {
  constexpr Index step = 64;  // elements looked at without a branch
  const T* x = static_cast<const T*>(input);
  for (Index i = 0; i < count; ++i, x += n) {
    const T wanted = static_cast<const T*>(values)[i];
    const bool nan = wanted != wanted;
    const auto is_it = [&](T v) {
      return static_cast<int>(v == wanted) | (static_cast<int>(nan) & static_cast<int>(v != v));
    };
    Index j = 0;
    for (; j + step <= n; j += step) {
      int found = 0;
      for (Index k = 0; k < step; ++k) found |= is_it(x[j + k]);
      if (found != 0) break;
    }
    while (j < n - 1 && is_it(x[j]) == 0) ++j;
    positions[i] = j;
  }
}

template <ReduceOp kOp, class T>
void extremum_columns(Index count, Index step, Index n, const void* input, void* values,
                      Index* __restrict positions) {
  const T* x = static_cast<const T*>(input);
  T* __restrict best = static_cast<T*>(values);
  for (Index j = 0; j < n; ++j) {
    best[j] = x[j];
    positions[j] = 0;
  }
  for (Index i = 1; i < count; ++i) {
    x += step;
    for (Index j = 0; j < n; ++j) {
      const T v = x[j], b = best[j];
      const bool wins = ((kOp == ReduceOp::max ? v > b : v < b) || v != v) && b == b;
      best[j] = wins ? v : b;
      positions[j] = wins ? i : positions[j];
    }
  }
}

template <int kIndex>
struct TypeOf;
// clang-format off
template <> struct TypeOf<0> { using type = std::uint8_t; };
template <> struct TypeOf<1> { using type = std::int32_t; };
template <> struct TypeOf<2> { using type = std::int64_t; };
template <> struct TypeOf<3> { using type = float; };
template <> struct TypeOf<4> { using type = double; };
template <> struct TypeOf<5> { using type = bool; };
// clang-format on

template <ReduceOp kOp, class T>
constexpr ReduceKernel kernel_of() {
  if constexpr (exists<kOp, T>) {
    using A = ResultOf<kOp, T>;
    return {&rows<kOp, T>, &columns<kOp, T>, &join<kOp, A>, scalar_type_of<A>()};
  } else {
    return {};
  }
}

constexpr ReduceTable make_reduce_table() {
  ReduceTable table{};
  const auto fill = [&]<int kType>(std::integral_constant<int, kType>) {
    using T = typename TypeOf<kType>::type;
    [&]<int... kOp>(std::integer_sequence<int, kOp...>) {
      ((table.reduce[kOp][kType] = kernel_of<static_cast<ReduceOp>(kOp), T>()), ...);
    }
    (std::make_integer_sequence<int, static_cast<int>(ReduceOp::size)>());
    table.position[kType] = {&find<T>, &extremum_columns<ReduceOp::max, T>,
                             &extremum_columns<ReduceOp::min, T>};
  };
  [&]<int... kType>(std::integer_sequence<int, kType...>) {
    (fill(std::integral_constant<int, kType>()), ...);
  }
  (std::make_integer_sequence<int, kScalarTypeCount>());
  return table;
}

constexpr ReduceTable table = make_reduce_table();

}  // namespace
}  // namespace XGRAD_ARCH_NAME

const ReduceTable& XGRAD_ARCH_SYMBOL(reduce_table_)();
const ReduceTable& XGRAD_ARCH_SYMBOL(reduce_table_)() { return XGRAD_ARCH_NAME::table; }

}  // namespace xgrad::kernels
