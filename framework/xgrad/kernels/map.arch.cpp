#include "xgrad/kernels/map.h"

#include <utility>

#include "xgrad/kernels/activation.arch.h"
#include "xgrad/kernels/functions.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {

template <int kIndex>
struct TypeAt;
// clang-format off
template <> struct TypeAt<0> { using type = std::uint8_t; };
template <> struct TypeAt<1> { using type = std::int32_t; };
template <> struct TypeAt<2> { using type = std::int64_t; };
template <> struct TypeAt<3> { using type = float; };
template <> struct TypeAt<4> { using type = double; };
template <> struct TypeAt<5> { using type = bool; };
// clang-format on

// Integer arithmetic wraps: it is done on unsigned numbers, where that is defined.
template <class F, class T>
using Working =
    typename std::conditional_t<std::is_integral_v<T> && std::is_signed_v<T> &&
                                    (std::is_same_v<F, Add> || std::is_same_v<F, Mul> ||
                                     std::is_same_v<F, Square> || std::is_same_v<F, Addcmul>),
                                std::make_unsigned<T>, std::type_identity<T>>::type;

template <class F, class T, std::size_t... I>
void map_scalars(std::int64_t n, void* out, const void* const* in, const double* params,
                 std::index_sequence<I...>) {
  using W = Working<F, T>;
  const double p[3] = {params ? params[0] : 0, params ? params[1] : 0, params ? params[2] : 0};
  auto* y = static_cast<std::conditional_t<F::result == Result::boolean, bool, W>*>(out);
  const W* x[] = {static_cast<const W*>(in[I])...};
  for (std::int64_t i = 0; i < n; ++i) y[i] = apply(F{}, p, x[I][i]...);
}

// Whole vectors, then the rest in a padded vector, so that an element's value does not depend on
// its place.
template <class F, class T, std::size_t... I>
void map_vectors(std::int64_t n, void* out, const void* const* in, const double* params,
                 std::index_sequence<I...>) {
  using V = Batch<T>;
  constexpr std::int64_t width = V::size;
  const double p[3] = {params ? params[0] : 0, params ? params[1] : 0, params ? params[2] : 0};
  auto* y = static_cast<T*>(out);
  const T* x[] = {static_cast<const T*>(in[I])...};
  std::int64_t i = 0;
  for (; i + width <= n; i += width)
    apply(F{}, p, V::load_unaligned(x[I] + i)...).store_unaligned(y + i);
  if (i == n) return;
  alignas(64) T rest[sizeof...(I)][width] = {};
  for (std::int64_t j = i; j < n; ++j) ((rest[I][j - i] = x[I][j]), ...);
  alignas(64) T result[width];
  apply(F{}, p, V::load_aligned(rest[I])...).store_aligned(result);
  for (std::int64_t j = i; j < n; ++j) y[j] = result[j - i];
}

template <class F, class T>
void map(std::int64_t n, void* out, const void* const* in, const double* params) {
  constexpr auto indices = std::make_index_sequence<F::inputs>();
  if constexpr (std::is_floating_point_v<T> && !is_scalar_function<F>) {
    map_vectors<F, T>(n, out, in, params, indices);
  } else {
    map_scalars<F, T>(n, out, in, params, indices);
  }
}

template <class F, int kType>
constexpr MapKernel kernel_for() {
  if constexpr (exists_for(F::types, static_cast<ScalarType>(kType))) {
    return &map<F, typename TypeAt<kType>::type>;
  } else {
    return nullptr;
  }
}

template <class From, class To>
void cast(std::int64_t n, void* out, const void* const* in, const double*) {
  auto* y = static_cast<To*>(out);
  const auto* x = static_cast<const From*>(in[0]);
  for (std::int64_t i = 0; i < n; ++i) {
    if constexpr (std::is_same_v<To, bool>) {
      y[i] = x[i] != From{};
    } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
      // Out of range is undefined in C++ (and in PyTorch); what this does is what x86 does: the
      // lowest number, and for a byte the low bits of the int64.
      using Wide = std::conditional_t<std::is_same_v<To, std::int32_t>, To, std::int64_t>;
      constexpr From end = sizeof(Wide) == 4 ? From(0x1p31) : From(0x1p63);
      const bool fits = x[i] > -end - From(1) && x[i] < end;
      y[i] = static_cast<To>(fits ? static_cast<Wide>(x[i]) : std::numeric_limits<Wide>::min());
    } else {
      y[i] = static_cast<To>(x[i]);
    }
  }
}

template <class F>
constexpr void fill(MapTable& table) {
  constexpr int row = Functions::index_of<F>();
  [&]<int... T>(std::integer_sequence<int, T...>) {
    ((table.map[row][T] = kernel_for<F, T>()), ...);
  }
  (std::make_integer_sequence<int, kScalarTypeCount>());
}
template <class... Fs>
constexpr MapTable make_table(FunctionList<Fs...>) {
  MapTable table{};
  (fill<Fs>(table), ...);
  [&]<int... I>(std::integer_sequence<int, I...>) {
    ((table.cast[I / kScalarTypeCount][I % kScalarTypeCount] =
          &cast<typename TypeAt<I / kScalarTypeCount>::type,
                typename TypeAt<I % kScalarTypeCount>::type>),
     ...);
  }
  (std::make_integer_sequence<int, kScalarTypeCount * kScalarTypeCount>());
  return table;
}

constexpr MapTable table = make_table(Functions{});

}  // namespace XGRAD_ARCH_NAME

const MapTable& XGRAD_ARCH_SYMBOL(map_table_)();
const MapTable& XGRAD_ARCH_SYMBOL(map_table_)() { return XGRAD_ARCH_NAME::table; }

}  // namespace xgrad::kernels
