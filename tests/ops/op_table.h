// One row for each op: what op_table_test.cpp holds against PyTorch and against finite differences.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "xgrad/core/tensor.h"

namespace xgrad::testing {

struct OpRow {
  const char* name;  // of its golden values in tests/golden/ops.json
  std::function<std::vector<Tensor>(const std::vector<Tensor>&)> call;
  double tolerance = 1e-11;   // of gradients against PyTorch's
  bool fixed_target = false;  // the second input is a constant: not differentiated, not varied
};

const std::vector<OpRow>& op_table();

}  // namespace xgrad::testing
