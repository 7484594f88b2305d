// Every op against PyTorch's values, against finite differences (first and second), on views, and
// on empty and 0-d tensors.
#include "ops/op_table.h"

#include <catch2/catch.hpp>
#include <cstdio>

#include "support/golden.h"
#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using List = std::vector<Tensor>;

struct Case {
  List inputs, outputs, grads;
};

Case read_case(const nlohmann::json& entry) {
  Case golden;
  for (const nlohmann::json& tensor : entry.at("inputs"))
    golden.inputs.push_back(golden_tensor(tensor));
  for (const nlohmann::json& tensor : entry.at("outputs"))
    golden.outputs.push_back(golden_tensor(tensor));
  for (const nlohmann::json& tensor : entry.at("grads"))
    golden.grads.push_back(golden_tensor(tensor));
  for (Tensor& input : golden.inputs) {
    if (input.scalar_type() == kDouble) input.requires_grad_();
  }
  return golden;
}

const nlohmann::json& golden_ops() {
  static const nlohmann::json table = read_golden("ops.json");
  return table;
}

List differentiable(const List& tensors) {
  List found;
  for (const Tensor& tensor : tensors) {
    if (tensor.requires_grad()) found.push_back(tensor);
  }
  return found;
}

// The gradients of sum_j sum(output_j * cos(0, 1, 2, ...)), zeros where an input has no part.
List weighted_gradients(const List& outputs, const List& inputs) {
  Tensor total = zeros({}, kDouble);
  for (const Tensor& output : outputs) {
    total = total + (output * arange(output.numel(), kDouble).cos().reshape(output.sizes())).sum();
  }
  List grads = total.requires_grad() ? autograd::grad({total}, inputs, {}, nullopt, false, true)
                                     : List(inputs.size());
  for (std::size_t i = 0; i < grads.size(); ++i) {
    if (!grads[i].defined()) grads[i] = zeros_like(inputs[i]);
  }
  return grads;
}

// The same elements behind other strides: every second element of a larger tensor, dims reversed in
// memory.
Tensor strided(const Tensor& x) {
  if (x.dim() == 0) return x;
  Dims order, doubled;
  for (std::int64_t d = x.dim(); d-- > 0;) order.push_back(d);
  for (const std::int64_t d : order) doubled.push_back(x.size(d) * 2);
  Tensor view = zeros(doubled, x.options()).permute(order);
  for (std::int64_t d = 0; d < x.dim(); ++d) view = view.slice(d, nullopt, nullopt, 2);
  const bool needs = x.requires_grad();
  view = view.detach();
  view.copy_(x.detach());
  return needs ? view.requires_grad_() : view;
}

}  // namespace

TEST_CASE("every op has PyTorch's values and gradients", "[ops]") {
  std::size_t checked = 0;
  for (const OpRow& row : op_table()) {
    INFO(row.name);
    REQUIRE(golden_ops().contains(row.name));
    const Case golden = read_case(golden_ops()[row.name]);
    const List outputs = row.call(golden.inputs);
    REQUIRE(outputs.size() == golden.outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i)
      CHECK_THAT(outputs[i], Near(golden.outputs[i], 1e-12));
    const List grads = weighted_gradients(outputs, differentiable(golden.inputs));
    REQUIRE(grads.size() == golden.grads.size());
    for (std::size_t i = 0; i < grads.size(); ++i)
      CHECK_THAT(grads[i], Near(golden.grads[i], row.tolerance));
    ++checked;
  }
  CHECK(checked == golden_ops().size());
  std::printf("op table: %zu ops checked against PyTorch\n", checked);
}

TEST_CASE("every op's gradient and second gradient agree with finite differences", "[ops][slow]") {
  for (const OpRow& row : op_table()) {
    INFO(row.name);
    Case golden = read_case(golden_ops()[row.name]);
    if (row.fixed_target) golden.inputs[1] = golden.inputs[1].detach();
    CHECK_NOTHROW(autograd::gradcheck(row.call, golden.inputs));
    CHECK_NOTHROW(autograd::gradgradcheck(row.call, golden.inputs));
  }
}

TEST_CASE("every op gives the same on views as on their copies", "[ops]") {
  for (const OpRow& row : op_table()) {
    if (std::string(row.name).find("as_strided") == 0) continue;  // speaks of the storage itself
    if (std::string(row.name) == "view") continue;                // asks for a layout
    INFO(row.name);
    const Case golden = read_case(golden_ops()[row.name]);
    List views;
    for (const Tensor& input : golden.inputs) views.push_back(strided(input));
    const List outputs = row.call(views);
    for (std::size_t i = 0; i < outputs.size(); ++i)
      CHECK_THAT(outputs[i], Near(golden.outputs[i], 1e-12));
    const List grads = weighted_gradients(outputs, differentiable(views));
    for (std::size_t i = 0; i < grads.size(); ++i)
      CHECK_THAT(grads[i], Near(golden.grads[i], row.tolerance));
  }
}

TEST_CASE("every op gives the same in float32 up to rounding", "[ops]") {
  for (const OpRow& row : op_table()) {
    INFO(row.name);
    const Case golden = read_case(golden_ops()[row.name]);
    List narrow;
    for (const Tensor& input : golden.inputs) {
      narrow.push_back(input.scalar_type() == kDouble ? input.detach().to(kFloat) : input);
    }
    const List outputs = row.call(narrow);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      CHECK((outputs[i].scalar_type() == kFloat || golden.outputs[i].scalar_type() != kDouble));
      CHECK_THAT(outputs[i], Near(golden.outputs[i], 2e-4));
    }
  }
}

TEST_CASE("elementwise ops take empty and 0-d tensors", "[ops]") {
  for (const OpRow& row : op_table()) {
    const nlohmann::json& entry = golden_ops()[row.name];
    // The rows of one input whose output has its shape are asked with no elements; a 0-d input is
    // asked of those that stay so.
    if (entry["inputs"].size() != 1 || entry["outputs"].size() != 1) continue;
    if (entry["inputs"][0]["shape"] != entry["outputs"][0]["shape"]) continue;
    if (entry["inputs"][0]["shape"] != std::vector<int>{2, 3}) continue;
    INFO(row.name);
    const Tensor none = zeros({0, 3}, kDouble).requires_grad_();
    const List outputs = row.call({none});
    CHECK(outputs[0].numel() == 0);
    CHECK(weighted_gradients(outputs, {none})[0].sizes() == none.sizes());
  }
}

}  // namespace xgrad::testing
