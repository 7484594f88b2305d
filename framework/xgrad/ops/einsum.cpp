#include "xgrad/ops/einsum.h"

#include <algorithm>

#include "xgrad/autograd/record.h"
#include "xgrad/contraction/execute.h"
#include "xgrad/contraction/resolve.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/map.h"

namespace xgrad {

using namespace autograd;
using contraction::Equation;

namespace {

// The equation of one contraction and, where they are known already, of its gradients. Shared with
// the tape.
struct Rule {
  std::shared_ptr<const void> owner;
  const Equation* equation;
  const std::vector<Equation>* derivatives;

  static Rule of_step(const contraction::ResolvedPtr& resolved, const contraction::Step& step) {
    return {resolved, &step.equation, &step.derivatives};
  }
  Rule derivative(std::size_t operand) const {
    if (derivatives != nullptr) return {owner, &(*derivatives)[operand], nullptr};
    auto made = std::make_shared<const Equation>(contraction::derivative(*equation, operand));
    const Equation* equation_of_made = made.get();
    return {std::move(made), equation_of_made, nullptr};
  }
};

void run(const Equation& equation, const Tensor& a, const Tensor& b, const Tensor& out,
         double alpha, bool accumulate) {
  const IntArrayRef strides[] = {a.strides(), b.defined() ? b.strides() : IntArrayRef()};
  const contraction::PlanPtr plan =
      contraction::plan(equation, a.scalar_type(), {strides, b.defined() ? 2U : 1U}, out.strides());
  contraction::contract(*plan, a.data_ptr(), b.defined() ? b.data_ptr() : nullptr, out.data_ptr(),
                        alpha, accumulate);
}

// alpha * (a . b), b undefined for one operand. Both gradients are contractions of the output's
// gradient with the other operand.
Tensor contract(const Rule& rule, const Tensor& a, const Tensor& b, double alpha = 1,
                const char* node = "EinsumBackward0") {
  const Equation& equation = *rule.equation;
  const Tensor out = make_tensor(equation.output_shape(), a.scalar_type());
  if (equation.repeats_output()) out.zero_();
  run(equation, a, b, out, alpha, false);
  if (recording(a, b)) {
    const Saved kept_a = b.defined() && needs_grad(b) ? Saved(a) : Saved();
    const Saved kept_b = b.defined() && needs_grad(a) ? Saved(b) : Saved();
    record(node, out, {a, b}, [rule, kept_a, kept_b, alpha](const Tensor& dy, Gradients& dx) {
      if (dx.needs(0)) dx[0] = contract(rule.derivative(0), dy, kept_b(), alpha);
      if (dx.size() > 1 && dx.needs(1)) dx[1] = contract(rule.derivative(1), kept_a(), dy, alpha);
    });
  }
  return out;
}

// The same on top of `addend`, which is written to the output first.
Tensor contract_onto(const Tensor& addend, const Rule& rule, const Tensor& a, const Tensor& b,
                     double beta, double alpha, const char* node) {
  const Equation& equation = *rule.equation;
  const Tensor out = make_tensor(equation.output_shape(), a.scalar_type());
  copy_into(out, addend);
  if (beta != 1) map<kernels::Mul>("einsum_add", out.scalar_type(), {out, beta}, {}, out);
  run(equation, a, b, out, alpha, true);
  if (recording(addend, a, b)) {
    const Saved kept_a = needs_grad(b) ? Saved(a) : Saved(),
                kept_b = needs_grad(a) ? Saved(b) : Saved();
    record(node, out, {addend, a, b},
           [rule, kept_a, kept_b, beta, alpha](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = beta == 1 ? dy : dy.mul(beta);
             if (dx.needs(1)) dx[1] = contract(rule.derivative(0), dy, kept_b(), alpha);
             if (dx.needs(2)) dx[2] = contract(rule.derivative(1), kept_a(), dy, alpha);
           });
  }
  return out;
}

// The operands in one dtype and without the dims that broadcast.
Few<Tensor, 4> prepare(const Equation& equation, TensorList operands, ScalarType type) {
  Few<Tensor, 4> prepared;
  prepared.resize(operands.size());
  for (std::size_t i = 0; i < operands.size(); ++i) {
    Tensor operand = operands[i].scalar_type() == type ? operands[i] : operands[i].to(type);
    const Dims& dropped = equation.dropped[i];
    for (std::size_t j = dropped.size(); j-- > 0;) operand = operand.select(dropped[j], 0);
    prepared[i] = std::move(operand);
  }
  return prepared;
}

ScalarType promoted(TensorList operands) {
  ScalarType type = ScalarType::Undefined;
  for (const Tensor& operand : operands) {
    type = type == ScalarType::Undefined ? operand.scalar_type()
                                         : promoteTypes(type, operand.scalar_type());
  }
  return type;
}

class ShapesOf {
 public:
  explicit ShapesOf(TensorList operands) {
    shapes_.resize(operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i) {
      check(operands[i].defined(), "einsum: operand {} is undefined", i);
      shapes_[i] = operands[i].sizes();
    }
  }
  operator contraction::Shapes() const { return {shapes_.data(), shapes_.size()}; }

 private:
  Few<IntArrayRef, 4> shapes_;
};

// All steps but the last, into a growing list; the last is the caller's. `node` is the name on the
// tape where there is one step.
Tensor follow(const contraction::ResolvedPtr& resolved, TensorList operands, ScalarType type,
              const char* node = "EinsumBackward0") {
  const Few<Tensor, 4> prepared = prepare(resolved->equation, operands, type);
  const std::vector<contraction::Step>& steps = resolved->path.steps;
  const auto operand = [&](const std::vector<Tensor>& made, std::size_t i) {
    return i == contraction::Step::kNone ? Tensor()
           : i < prepared.size()         ? prepared[i]
                                         : made[i - prepared.size()];
  };
  if (steps.size() == 1)
    return contract(Rule::of_step(resolved, steps[0]), operand({}, steps[0].left),
                    operand({}, steps[0].right), 1, node);
  std::vector<Tensor> made;
  made.reserve(steps.size());
  for (const contraction::Step& step : steps) {
    made.push_back(contract(Rule::of_step(resolved, step), operand(made, step.left),
                            operand(made, step.right)));
    // Each intermediate has one use: what the tape does not keep is free for the next step.
    for (const std::size_t used : {step.left, step.right}) {
      if (used != contraction::Step::kNone && used >= prepared.size())
        made[used - prepared.size()].reset();
    }
  }
  return made.back();
}

// One operand of whole numbers that is summed gives int64, as sum() does: of bool it counts.
template <class Resolve>
Tensor follow(TensorList operands, const Resolve& resolve) {
  const ScalarType type = promoted(operands);
  const contraction::ResolvedPtr resolved = resolve(type);
  if (operands.size() == 1 && type != kLong && isIntegralType(type, true)) {
    const contraction::Equation& equation = resolved->equation;
    for (const int label : equation.inputs[0]) {
      const auto& output = equation.output;
      if (std::find(output.begin(), output.end(), label) == output.end())
        return follow(resolve(kLong), operands, kLong);
    }
  }
  return follow(resolved, operands, type);
}

contraction::Labels labels_of(const Sublist& sublist, std::size_t position, bool output) {
  contraction::Labels labels;
  for (const Sublist::Label& label : sublist.labels()) {
    check(label.is_ellipsis() || label.value() >= 0,
          "einsum: label {} in {} {} is negative, expected at least 0", label.value(),
          output ? "the output, sublist" : "sublist", position);
    labels.push_back(label.is_ellipsis() ? contraction::kEllipsis : label.value());
  }
  return labels;
}

Tensor by_sublists(TensorList operands, const std::vector<Sublist>& sublists,
                   const Sublist* output) {
  check(operands.size() == sublists.size(),
        "einsum: got {} operands and {} sublists, expected as many", operands.size(),
        sublists.size());
  std::vector<contraction::Labels> inputs;
  for (std::size_t i = 0; i < sublists.size(); ++i)
    inputs.push_back(labels_of(sublists[i], i, false));
  std::optional<contraction::Labels> result;
  if (output != nullptr) result = labels_of(*output, sublists.size(), true);
  return follow(operands, [&](ScalarType type) {
    return contraction::resolve(inputs, result, ShapesOf(operands), type);
  });
}

}  // namespace

Tensor einsum(std::string_view equation, TensorList operands,
              const contraction::PathOptions& options) {
  return follow(operands, [&](ScalarType type) {
    return contraction::resolve(equation, ShapesOf(operands), type, options);
  });
}

Tensor einsum_named(const char* node, std::string_view equation, TensorList operands) {
  const ScalarType type = promoted(operands);
  return follow(contraction::resolve(equation, ShapesOf(operands), type), operands, type, node);
}

// clang-format off
Tensor einsum(TensorList operands, const std::vector<Sublist>& sublists) { return by_sublists(operands, sublists, nullptr); }
Tensor einsum(TensorList operands, const std::vector<Sublist>& sublists, const Sublist& output) { return by_sublists(operands, sublists, &output); }
Tensor einsum(const Tensor& a, const Sublist& la) { return by_sublists({a}, {la}, nullptr); }
Tensor einsum(const Tensor& a, const Sublist& la, const Sublist& output) { return by_sublists({a}, {la}, &output); }
Tensor einsum(const Tensor& a, const Sublist& la, const Tensor& b, const Sublist& lb) { return by_sublists({a, b}, {la, lb}, nullptr); }
Tensor einsum(const Tensor& a, const Sublist& la, const Tensor& b, const Sublist& lb, const Sublist& output) { return by_sublists({a, b}, {la, lb}, &output); }
Tensor einsum(const Tensor& a, const Sublist& la, const Tensor& b, const Sublist& lb, const Tensor& c, const Sublist& lc) { return by_sublists({a, b, c}, {la, lb, lc}, nullptr); }
Tensor einsum(const Tensor& a, const Sublist& la, const Tensor& b, const Sublist& lb, const Tensor& c, const Sublist& lc, const Sublist& output) { return by_sublists({a, b, c}, {la, lb, lc}, &output); }
Tensor einsum(const Tensor& a, const Sublist& la, const Tensor& b, const Sublist& lb, const Tensor& c, const Sublist& lc, const Tensor& d, const Sublist& ld) { return by_sublists({a, b, c, d}, {la, lb, lc, ld}, nullptr); }
Tensor einsum(const Tensor& a, const Sublist& la, const Tensor& b, const Sublist& lb, const Tensor& c, const Sublist& lc, const Tensor& d, const Sublist& ld, const Sublist& output) { return by_sublists({a, b, c, d}, {la, lb, lc, ld}, &output); }
// clang-format on

Tensor einsum_add(const Tensor& addend, std::string_view equation, TensorList operands, double beta,
                  double alpha, const char* node) {
  const ScalarType type = promoted(operands);
  const contraction::ResolvedPtr resolved =
      contraction::resolve(equation, ShapesOf(operands), type);
  if (resolved->path.steps.size() == 1 && operands.size() == 2 && addend.scalar_type() == type &&
      beta != 0 && !resolved->equation.repeats_output()) {
    const contraction::Step& step = resolved->path.steps[0];
    const Few<Tensor, 4> prepared = prepare(resolved->equation, operands, type);
    return contract_onto(addend, Rule::of_step(resolved, step), prepared[step.left],
                         prepared[step.right], beta, alpha, node);
  }
  Tensor product = follow(resolved, operands, type);
  if (alpha != 1) product = product.mul(alpha);
  if (beta == 0) return product;  // as in BLAS, the addend is then not read
  return product.add(addend, beta);
}

contraction::Path einsum_path(std::string_view equation, TensorList operands,
                              const contraction::PathOptions& options) {
  const ScalarType type = promoted(operands);
  const Equation parsed = contraction::parse(equation, ShapesOf(operands));
  contraction::Path path = contraction::find_path(parsed, elementSize(type), options);
  std::vector<Dims> strides;
  for (const Tensor& operand : prepare(parsed, operands, type))
    strides.emplace_back(operand.strides());
  contraction::choose_kernels(path, type, strides);
  return path;
}

}  // namespace xgrad
