#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"  // GCC 12's own AVX-512 header: __m256d __Y = __Y;
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // the same
#endif

#include "xgrad/kernels/pooling.h"

#include <type_traits>

#include "xgrad/kernels/arch.h"
#include "xgrad/kernels/gemm_vector.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {
namespace {

// A vector holds the windows of consecutive outputs of a row. Whole vectors are read and computed
// also where a row ends; rows at which that would leave the memory, and padded ones, are copied
// into rows with room to the left and to the right.

constexpr std::int64_t kMostLanes = 16;

// Positions are integers as large as a T: they are chosen with the masks of the values, as bits.
template <class T>
using Position = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
template <class T>
using Positions = xsimd::batch<Position<T>, XGRAD_ARCH>;

template <class T>
XGRAD_INLINE Positions<T> positions(std::int64_t all) {
  return Positions<T>(static_cast<Position<T>>(all));
}
template <class T>
XGRAD_INLINE Vector<T> bits(Positions<T> positions) {
  return xsimd::bitwise_cast<Vector<T>>(positions);
}

template <class T, int... I>
XGRAD_INLINE Vector<T> even_lanes(Vector<T> low, Vector<T> high, std::integer_sequence<int, I...>) {
  return from_raw<T>(__builtin_shufflevector(raw<T>(low), raw<T>(high), (2 * I)...));
}

// x[0], x[stride], x[2 stride]... kStride is the stride, or 0 for any.
template <int kStride, class T>
XGRAD_INLINE Vector<T> load_apart(const T* x, std::int64_t stride) {
  if constexpr (kStride == 1) {
    return Vector<T>::load_unaligned(x);
  } else if constexpr (kStride == 2) {
    return even_lanes<T>(Vector<T>::load_unaligned(x), Vector<T>::load_unaligned(x + kLanes<T>),
                         std::make_integer_sequence<int, kLanes<T>>());
  } else {
    alignas(64) T lanes[kLanes<T>];
    XGRAD_UNROLL
    for (int i = 0; i < kLanes<T>; ++i) lanes[i] = x[i * stride];
    return Vector<T>::load_aligned(lanes);
  }
}

// Elements [first, last) of the kernel exist for output o of dim d.
struct Taps {
  std::int64_t first, last;
};
XGRAD_INLINE Taps taps_of(const PoolingShape& s, int d, std::int64_t o) {
  const std::int64_t begin = o * s.stride[d] - s.padding[d];
  Taps taps{0, s.kernel[d]};
  while (begin + taps.first * s.dilation[d] < 0) ++taps.first;
  while (begin + (taps.last - 1) * s.dilation[d] >= s.input[d]) --taps.last;
  return taps;
}

// How far the windows of a row reach, and those of whole vectors.
XGRAD_INLINE std::int64_t reach(const PoolingShape& s, std::int64_t outputs) {
  return (outputs - 1) * s.stride[2] + (s.kernel[2] - 1) * s.dilation[2] + 1;
}
XGRAD_INLINE std::int64_t whole_vectors(std::int64_t n) {
  return (n + kMostLanes - 1) / kMostLanes * kMostLanes;
}
XGRAD_INLINE std::int64_t row_room(const PoolingShape& s) {
  // Vectors that are 2 apart are loaded with what lies between.
  return reach(s, whole_vectors(s.output[2])) + s.stride[2] - 1;
}

// The rows of a plane as they are read: the window of output 0 begins at `data` in row 0.
template <class T>
struct Rows {
  const T* data;
  std::int64_t step;          // from row to row
  const Position<T>* begins;  // of each output, the first element of its window that exists
};

// The windows (d, h, *). From y on, `writable` elements are this row's or those of rows to come.
template <int kStride, bool kIndices, class T>
void max_row(const PoolingShape& s, const Rows<T>& rows, std::int64_t d, std::int64_t h, T* y,
             std::int64_t* index, std::int64_t writable) {
  alignas(64) static constexpr Position<T> kNumbers[] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                         8, 9, 10, 11, 12, 13, 14, 15};
  static_assert(kLanes<T> <= kMostLanes);
  const Positions<T> apart = Positions<T>::load_aligned(kNumbers) * positions<T>(s.stride[2]);
  const Taps deep = taps_of(s, 0, d), high = taps_of(s, 1, h);
  const auto row_of = [&](std::int64_t i, std::int64_t j) {
    return (d * s.stride[0] - s.padding[0] + i * s.dilation[0]) * s.input[1] + h * s.stride[1] -
           s.padding[1] + j * s.dilation[1];
  };
  for (std::int64_t o = 0; o < s.output[2]; o += kLanes<T>) {
    Vector<T> best(static_cast<T>(-__builtin_inf())), at(T(0));
    if constexpr (kIndices) {  // of nothing but -inf the first one
      at = bits<T>(Positions<T>::load_unaligned(rows.begins + o) +
                   positions<T>(row_of(deep.first, high.first) * s.input[2]));
    }
    for (std::int64_t i = deep.first; i < deep.last; ++i) {
      for (std::int64_t j = high.first; j < high.last; ++j) {
        const std::int64_t row = row_of(i, j);
        const T* x = rows.data + row * rows.step + o * s.stride[2];
        std::int64_t position = row * s.input[2] + o * s.stride[2] - s.padding[2];
        for (std::int64_t k = 0; k < s.kernel[2]; ++k) {
          const Vector<T> value = load_apart<kStride>(x, s.stride[2]);
          // NaN is asked for by ==: xsimd 8.1's != is false for it on AVX.
          const auto takes = (value > best) | ~(value == value);
          best = xsimd::select(takes, value, best);
          if constexpr (kIndices)
            at = xsimd::select(takes, bits<T>(apart + positions<T>(position)), at);
          x += s.dilation[2];
          position += s.dilation[2];
        }
      }
    }
    // Lanes behind the row's end may be written where a row follows that overwrites them.
    const bool whole = o + kLanes<T> <= writable;
    const auto count = static_cast<int>(whole ? kLanes<T> : lesser(s.output[2] - o, kLanes<T>));
    if (whole) {
      best.store_unaligned(y + o);
    } else {
      store_first(y + o, best, count);
    }
    if constexpr (kIndices) {
      alignas(64) Position<T> lanes[kLanes<T>];
      xsimd::bitwise_cast<Positions<T>>(at).store_aligned(lanes);
      if (whole) {
        XGRAD_UNROLL
        for (int i = 0; i < kLanes<T>; ++i) index[o + i] = lanes[i];
      } else {
        for (int i = 0; i < count; ++i) index[o + i] = lanes[i];
      }
    }
  }
}

template <bool kIndices, class T>
constexpr auto row_function(std::int64_t stride) {
  return stride == 1   ? &max_row<1, kIndices, T>
         : stride == 2 ? &max_row<2, kIndices, T>
                       : &max_row<0, kIndices, T>;
}

template <class T>
std::int64_t scratch(const PoolingShape& s) {
  return whole_vectors(s.output[2]) + s.input[0] * s.input[1] * row_room(s);
}

template <class T>
void max(const MaxPooling<T>& task) {
  const PoolingShape& s = task.shape;
  const bool indices = task.index != nullptr;
  const auto function =
      indices ? row_function<true, T>(s.stride[2]) : row_function<false, T>(s.stride[2]);
  const std::int64_t height = s.input[0] * s.input[1], width = s.input[2], area = height * width,
                     results = s.output[0] * s.output[1] * s.output[2], room = row_room(s),
                     outputs = whole_vectors(s.output[2]);
  auto* begins = reinterpret_cast<Position<T>*>(task.scratch);
  for (std::int64_t o = 0; o < outputs; ++o) {
    std::int64_t begin = o * s.stride[2] - s.padding[2];
    while (begin < 0) begin += s.dilation[2];
    begins[o] = static_cast<Position<T>>(begin);
  }
  T* copies = task.scratch + outputs;
  const std::int64_t kept = lesser(width, room - s.padding[2]);
  const bool fits = s.padding[2] == 0 && reach(s, s.output[2]) <= width;
  bool is_clear = false;
  for (std::int64_t p = 0; p < task.planes; ++p) {
    const T* x = task.x + p * area;
    const bool in_place = fits && (p + 1) * area + room - width <= task.readable;
    if (!in_place && !is_clear) {
      for (std::int64_t i = 0; i < height * room; ++i) copies[i] = static_cast<T>(-__builtin_inf());
      is_clear = true;
    }
    if (!in_place) {
      for (std::int64_t i = 0; i < height; ++i)
        __builtin_memcpy(copies + i * room + s.padding[2], x + i * width,
                         static_cast<std::size_t>(kept) * sizeof(T));
    }
    const Rows<T> rows{in_place ? x : copies, in_place ? width : room, begins};
    std::int64_t to = p * results;
    for (std::int64_t d = 0; d < s.output[0]; ++d) {
      for (std::int64_t h = 0; h < s.output[1]; ++h) {
        function(s, rows, d, h, task.y + to, indices ? task.index + to : nullptr,
                 task.planes * results - to);
        to += s.output[2];
      }
    }
  }
}

template <class T>
constexpr PoolingKernels<T> kPooling = {&max<T>, &scratch<T>};
constexpr PoolingTable kPoolingTable = {kPooling<float>, kPooling<double>};

}  // namespace
}  // namespace XGRAD_ARCH_NAME

const PoolingTable& XGRAD_ARCH_SYMBOL(pooling_table_)();
const PoolingTable& XGRAD_ARCH_SYMBOL(pooling_table_)() { return XGRAD_ARCH_NAME::kPoolingTable; }

}  // namespace xgrad::kernels
