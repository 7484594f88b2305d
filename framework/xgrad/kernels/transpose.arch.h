// Private to the *.arch.cpp of products and transpositions: squares of registers, transposed.
#pragma once

#include "xgrad/kernels/gemm_vector.arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// The lower half of a register, or the upper one.
template <class T, int... I>
inline void store_half(T* target, typename Raw<T>::type value, int upper,
                       std::integer_sequence<int, I...>) {
  const auto half = upper == 0 ? __builtin_shufflevector(value, value, I...)
                               : __builtin_shufflevector(value, value, (kLanes<T> / 2 + I)...);
  __builtin_memcpy(target, &half, sizeof(half));
}
template <class T>
inline void store_half(T* target, Vector<T> value, int upper) {
  store_half<T>(target, raw<T>(value), upper, std::make_integer_sequence<int, kLanes<T> / 2>());
}

// Lanes of a 128-bit piece of a register. A shuffle that stays within pieces, or moves whole ones,
// is one cheap instruction; any other takes several times as long.
template <class T>
constexpr int kPiece = static_cast<int>(16 / sizeof(T));

// In each piece: the elements of its lower half in turns, then those of its upper half.
template <class T, int... I>
inline void interleave(typename Raw<T>::type& low, typename Raw<T>::type& high,
                       std::integer_sequence<int, I...>) {
  constexpr int n = kLanes<T>, piece = kPiece<T>;
  const auto a = low, b = high;
  low = __builtin_shufflevector(a, b, (I - I % piece + I % piece / 2 + I % 2 * n)...);
  high = __builtin_shufflevector(a, b, (I - I % piece + (piece + I % piece) / 2 + I % 2 * n)...);
}

// The even pieces of both, and the odd ones.
template <class T, int... I>
inline void part_pieces(typename Raw<T>::type& even, typename Raw<T>::type& odd,
                        std::integer_sequence<int, I...>) {
  constexpr int piece = kPiece<T>;
  const auto a = even, b = odd;
  even = __builtin_shufflevector(a, b, (2 * (I - I % piece) + I % piece)...);
  odd = __builtin_shufflevector(a, b, (2 * (I - I % piece) + I % piece + piece)...);
}

// Transposes a square of registers: first each piece of as many rows as it has lanes, in log2(lanes
// of a piece) rounds; then the square that these small squares make up, in log2(pieces) rounds.
template <class T>
inline void transpose(typename Raw<T>::type (&rows)[kLanes<T>]) {
  constexpr int n = kLanes<T>, piece = kPiece<T>;
  constexpr auto lanes = std::make_integer_sequence<int, n>();
  typename Raw<T>::type next[n];
  XGRAD_UNROLL
  for (int round = 1; round < piece; round *= 2) {
    XGRAD_UNROLL
    for (int i = 0; i < n / 2; ++i) {
      const int first = i / (piece / 2) * piece, low = i % (piece / 2);
      next[first + 2 * low] = rows[first + low];
      next[first + 2 * low + 1] = rows[first + low + piece / 2];
      interleave<T>(next[first + 2 * low], next[first + 2 * low + 1], lanes);
    }
    XGRAD_UNROLL
    for (int i = 0; i < n; ++i) rows[i] = next[i];
  }
  XGRAD_UNROLL
  for (int round = 1; round < n / piece; round *= 2) {
    XGRAD_UNROLL
    for (int i = 0; i < n / 2; ++i) {
      const int pair = i / piece * 2 * piece + i % piece;
      next[i] = rows[pair];
      next[i + n / 2] = rows[pair + piece];
      part_pieces<T>(next[i], next[i + n / 2], lanes);
    }
    XGRAD_UNROLL
    for (int i = 0; i < n; ++i) rows[i] = next[i];
  }
}

// A square of lanes x lanes or its first `rows` and `depth`: each row, which begins at row_at(i),
// is read along the depth; written along the rows, `step` from one element of the depth to the
// next. kHeight: the rows of a whole depth; 0 for any. kFill: lanes beyond the rows are put 0.
// bias[i], if there is one, is added to element i of the depth.
template <class T, int kHeight, bool kFill, class RowAt>
inline void transpose_square(const RowAt& row_at, int rows, int depth, T* target, std::int64_t step,
                             const T* bias = nullptr) {
  typename Raw<T>::type square[kLanes<T>];
  XGRAD_UNROLL
  for (int i = 0; i < kLanes<T>; ++i) {
    square[i] = typename Raw<T>::type{};
    if constexpr (kHeight != 0) {
      if (i < kHeight) square[i] = raw<T>(Vector<T>::load_unaligned(row_at(i)));
    } else {
      if (i < rows) square[i] = raw<T>(load_first(row_at(i), depth));
    }
  }
  transpose<T>(square);
  XGRAD_UNROLL
  for (int i = 0; i < kLanes<T>; ++i, target += step) {
    if (kHeight == 0 && i >= depth) break;
    Vector<T> row = from_raw<T>(square[i]);
    if (bias != nullptr) row = row + Vector<T>(bias[i]);
    if constexpr (kFill || kHeight == kLanes<T>) {
      row.store_unaligned(target);
    } else {
      store_first(target, row, kHeight != 0 ? kHeight : rows);
    }
  }
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
