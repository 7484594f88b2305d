#include "xgrad/kernels/transpose.h"

#include "xgrad/kernels/arch.h"
#include "xgrad/kernels/transpose.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {

// Bits are moved as numbers of their size.
template <class T>
void transposed_copy(std::int64_t rows, std::int64_t columns, const void* from,
                     std::int64_t from_step, void* to, std::int64_t to_step) {
  for (std::int64_t j = 0; j < columns; j += kLanes<T>) {
    const int height = static_cast<int>(lesser(kLanes<T>, columns - j));
    for (std::int64_t i = 0; i < rows; i += kLanes<T>) {  // innermost: whole lines are read at once
      const int depth = static_cast<int>(lesser(kLanes<T>, rows - i));
      const T* source = static_cast<const T*>(from) + j * from_step + i;
      const auto row_at = [&](int r) { return source + r * from_step; };
      T* target = static_cast<T*>(to) + i * to_step + j;
      if (height == kLanes<T> && depth == kLanes<T>) {
        transpose_square<T, kLanes<T>, false>(row_at, height, depth, target, to_step);
      } else {
        transpose_square<T, 0, false>(row_at, height, depth, target, to_step);
      }
    }
  }
}

void transposed_bytes(std::int64_t rows, std::int64_t columns, const void* from,
                      std::int64_t from_step, void* to, std::int64_t to_step) {
  for (std::int64_t i = 0; i < rows; ++i) {
    const char* source = static_cast<const char*>(from) + i;
    char* target = static_cast<char*>(to) + i * to_step;
    for (std::int64_t j = 0; j < columns; ++j) target[j] = source[j * from_step];
  }
}

constexpr TransposeTable transpose_kernels = {&transposed_bytes, &transposed_copy<float>,
                                              &transposed_copy<double>};

}  // namespace XGRAD_ARCH_NAME

const TransposeTable& XGRAD_ARCH_SYMBOL(transpose_table_)();
const TransposeTable& XGRAD_ARCH_SYMBOL(transpose_table_)() {
  return XGRAD_ARCH_NAME::transpose_kernels;
}

}  // namespace xgrad::kernels
