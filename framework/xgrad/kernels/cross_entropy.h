// Cross entropy of rows of logits with one class each: softmax and its loss in one pass, the
// gradient in another.
#pragma once

#include <cstdint>

#include "xgrad/core/scalar_type.h"

namespace xgrad::kernels {

struct CrossEntropyTable {
  // loss[i] = log(sum of exp(x[i, :])) - x[i, target[i]], or 0 where target[i] < 0.
  // probabilities[i, :] = softmax(x[i, :]) unless null.
  using Forward = void (*)(std::int64_t rows, std::int64_t classes, const void* x,
                           const std::int64_t* target, void* loss, void* probabilities);
  // dx[i, :] = scale[i] * (probabilities[i, :] - onehot(target[i])), or 0 where target[i] < 0.
  using Backward = void (*)(std::int64_t rows, std::int64_t classes, const void* probabilities,
                            const std::int64_t* target, const void* scale, void* dx);
  Forward forward[2];  // float, double
  Backward backward[2];
};
// Of the active instruction set.
const CrossEntropyTable& cross_entropy_table();

inline CrossEntropyTable::Forward cross_entropy_forward(ScalarType type) {
  return cross_entropy_table().forward[type == kDouble];
}
inline CrossEntropyTable::Backward cross_entropy_backward(ScalarType type) {
  return cross_entropy_table().backward[type == kDouble];
}

}  // namespace xgrad::kernels
