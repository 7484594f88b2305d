// Rows of tests/golden/nn.json: functions whose outputs and gradients PyTorch computed. Each is
// held against them, and against finite differences of first and second order.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "support/golden.h"
#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

using Inputs = autograd::variable_list;

struct NnRow {
  template <class F>
  NnRow(std::string row_name, F f, int orders = 2)
      : name(std::move(row_name)), derivatives(orders) {
    function = [f](const Inputs& x) {
      if constexpr (std::is_same_v<decltype(f(x)), Tensor>) {
        return Inputs{f(x)};
      } else {
        return Inputs(f(x));
      }
    };
  }
  std::string name;
  autograd::CheckedFunction function;
  int derivatives;  // the orders of which finite differences are taken
};

inline Inputs golden_tensors(const nlohmann::json& entries) {
  Inputs tensors;
  for (const nlohmann::json& entry : entries) tensors.push_back(golden_tensor(entry));
  return tensors;
}

inline void check_row(const nlohmann::json& golden, const NnRow& row) {
  INFO("row " << row.name);
  const nlohmann::json& entry = golden.at(row.name);
  Inputs inputs = golden_tensors(entry.at("inputs")), wanted;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!entry.at("inputs")[i].at("requires_grad").get<bool>()) continue;
    inputs[i].requires_grad_();
    wanted.push_back(inputs[i]);
  }
  const Inputs outputs = row.function(inputs), expected = golden_tensors(entry.at("outputs"));
  REQUIRE(outputs.size() == expected.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) CHECK_THAT(outputs[i], Near(expected[i], 1e-9));

  const Inputs grads = golden_tensors(entry.at("grads"));
  if (grads.empty()) return;
  Tensor total = zeros({}, kDouble);
  for (const Tensor& output : outputs) {
    total = total + (output * arange(output.numel(), kDouble).cos().view(output.sizes())).sum();
  }
  const Inputs actual = autograd::grad({total}, wanted, {}, nullopt, false, true);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    INFO("gradient " << i);
    CHECK_THAT(actual[i].defined() ? actual[i] : zeros_like(wanted[i]), Near(grads[i], 1e-9));
  }
  if (row.derivatives >= 1) CHECK(autograd::gradcheck(row.function, inputs));
  if (row.derivatives >= 2) CHECK(autograd::gradgradcheck(row.function, inputs));
}

}  // namespace xgrad::testing
