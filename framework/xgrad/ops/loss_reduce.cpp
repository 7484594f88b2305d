#include "xgrad/ops/loss_reduce.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"

namespace xgrad {

void check_reduction(const char* op, std::int64_t reduction) {
  check(reduction >= Reduction::None && reduction < Reduction::END,
        "{}: reduction {} is unknown, expected None, Mean or Sum", op, reduction);
}

Tensor reduce_loss(const Tensor& loss, std::int64_t reduction) {
  if (reduction == Reduction::Mean) return loss.mean();
  return reduction == Reduction::Sum ? loss.sum() : loss;
}

Tensor expand_gradient(const Tensor& dy, std::int64_t reduction, std::int64_t numel) {
  return reduction == Reduction::Mean ? dy / numel : dy;
}

}  // namespace xgrad
