// Rows of tests/golden/attention.json for modules: state, inputs, outputs and the gradients of
// inputs and parameters as PyTorch computed them.
#pragma once

#include <algorithm>
#include <sstream>

#include "nn/golden_rows.h"

namespace xgrad::testing {

inline OrderedDict<std::string, Tensor> named_tensors(const nlohmann::json& entries) {
  OrderedDict<std::string, Tensor> tensors;
  for (const nlohmann::json& entry : entries) {
    tensors.insert(entry.at("name").get<std::string>(), golden_tensor(entry));
  }
  return tensors;
}

// Loads the row's state, calls `forward(inputs)` after manual_seed(5) as the script did, and
// compares; then finite differences of `orders` orders by inputs and parameters.
template <class Holder, class Forward>
void check_module(const nlohmann::json& golden, const std::string& name, Holder module,
                  const Forward& forward, int orders, bool training = false) {
  INFO("row " << name);
  const nlohmann::json& entry = golden.at(name);
  module->to(kDouble);
  module->train(training);
  module->load_state_dict(named_tensors(entry.at("state")));
  const auto function = [&](const Inputs& x) {
    manual_seed(5);
    return Inputs(forward(module, x));
  };

  Inputs wanted = golden_tensors(entry.at("inputs"));
  const std::size_t count = wanted.size();
  for (const Tensor& input : wanted) input.requires_grad_();
  const auto parameters = module->named_parameters();
  for (const auto& parameter : parameters) wanted.push_back(parameter.value());
  const Inputs outputs = function(wanted), expected = golden_tensors(entry.at("outputs"));
  REQUIRE(outputs.size() == expected.size());
  Tensor total = zeros({}, kDouble);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    CHECK_THAT(outputs[i], Near(expected[i], 1e-9));
    total = total +
            (outputs[i] * arange(outputs[i].numel(), kDouble).cos().view(outputs[i].sizes())).sum();
  }
  const Inputs grads = autograd::grad({total}, wanted);
  const Inputs of_inputs = golden_tensors(entry.at("grads"));
  const auto of_parameters = named_tensors(entry.at("parameter_grads"));
  REQUIRE(of_inputs.size() == count);
  REQUIRE(of_parameters.size() == parameters.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string which =
        i < count ? "input " + std::to_string(i) : parameters[i - count].key();
    INFO("gradient of " << which);
    CHECK_THAT(grads[i], Near(i < count ? of_inputs[i] : of_parameters[which], 1e-9));
  }
  if (orders >= 1) CHECK(autograd::gradcheck(function, wanted));
  if (orders >= 2) CHECK(autograd::gradgradcheck(function, wanted));
}

// The row's state under the same names, in the order of the names.
inline void check_state(const nlohmann::json& golden, const std::string& name,
                        const nn::Module& module) {
  INFO("row " << name);
  const auto expected = named_tensors(golden.at(name).at("state")), actual = module.state_dict();
  std::vector<std::string> names = actual.keys(), wanted = expected.keys();
  std::sort(names.begin(), names.end());
  std::sort(wanted.begin(), wanted.end());
  REQUIRE(names == wanted);
  for (const auto& item : expected) {
    INFO(item.key());
    CHECK_THAT(actual[item.key()], Near(item.value(), 1e-6));
  }
}

template <class Layer>
std::string printed(const Layer& layer) {
  std::ostringstream text;
  text << layer;
  return text.str();
}

}  // namespace xgrad::testing
