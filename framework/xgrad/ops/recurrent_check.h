// What recurrent ops demand of their tensors. Private to ops/recurrent*.cpp.
#pragma once

#include <string>

#include "xgrad/ops/recurrent_layer.h"

namespace xgrad {

// Who checks: an op and, in a stack, which of its layers.
struct RecurrentPlace {
  const char* op;
  std::int64_t layer = -1;
  bool reverse = false;

  // "w_ih", "w_ih of layer 1", "w_ih of layer 1 in reverse".
  std::string of(const char* name) const;
};

// That all tensors of one layer fit x [..., features] and each other: the sizes are those that w_hh
// tells. Errors: shapes and dtypes that do not fit.
void check_layer(const RecurrentPlace& place, kernels::Recurrence kind, const Tensor& x,
                 std::int64_t sequences, const RecurrentState& first,
                 const RecurrentWeights& weights);

// Of a packed sequence with data [rows, features] the batch sizes. Errors: another dtype or shape,
// sizes that grow, that are not positive or whose sum is not `rows`.
std::vector<std::int64_t> checked_batch_sizes(const char* op, const Tensor& batch_sizes,
                                              std::int64_t rows);

}  // namespace xgrad
