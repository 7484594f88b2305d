// Transposed copies: elements that lie along one dim are put along another one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xgrad::kernels {

// to[i * to_step + j] = from[j * from_step + i], i < rows, j < columns; steps in elements.
using TransposeKernel = void (*)(std::int64_t rows, std::int64_t columns, const void* from,
                                 std::int64_t from_step, void* to, std::int64_t to_step);

struct TransposeTable {
  TransposeKernel bytes_1, bytes_4, bytes_8;
};
// Of the active instruction set.
const TransposeTable& transpose_table();

// Of elements of 1, 4 or 8 bytes.
inline TransposeKernel transpose_kernel(std::size_t bytes) {
  const TransposeTable& table = transpose_table();
  return bytes == 4 ? table.bytes_4 : bytes == 8 ? table.bytes_8 : table.bytes_1;
}

}  // namespace xgrad::kernels
