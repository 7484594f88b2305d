// Golden values: tensors that PyTorch computed once, from tests/golden/*.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "xgrad/core/tensor.h"

namespace xgrad::testing {

// The file of that name in tests/golden, parsed.
nlohmann::json read_golden(const std::string& name);
// {"dtype": "float64", "shape": [2, 3], "data": [...]} as a tensor; the strings NaN, Infinity and
// -Infinity are numbers.
Tensor golden_tensor(const nlohmann::json& entry);

}  // namespace xgrad::testing
