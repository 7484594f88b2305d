#include "xgrad/optim/optimizer.h"

#include <typeinfo>

#include "xgrad/core/format.h"

namespace xgrad::optim {

std::unique_ptr<OptimizerParamState> OptimizerParamState::clone() const {
  fail(
      "OptimizerParamState: clone is not defined, expected a class that derives from "
      "OptimizerCloneableParamState");
}
std::unique_ptr<OptimizerOptions> OptimizerOptions::clone() const {
  fail(
      "OptimizerOptions: clone is not defined, expected a class that derives from "
      "OptimizerCloneableOptions");
}
double OptimizerOptions::get_lr() const {
  fail("OptimizerOptions: get_lr is not defined, expected a class that overrides it");
}
void OptimizerOptions::set_lr(double) {
  fail("OptimizerOptions: set_lr is not defined, expected a class that overrides it");
}

OptimizerParamGroup::OptimizerParamGroup(const OptimizerParamGroup& other)
    : initial_lr_(other.initial_lr_),
      params_(other.params_),
      options_(other.options_ ? other.options_->clone() : nullptr) {}

OptimizerOptions& OptimizerParamGroup::options() {
  check(has_options(),
        "OptimizerParamGroup: the group has no options, expected one in an optimizer");
  return *options_;
}
const OptimizerOptions& OptimizerParamGroup::options() const {
  check(has_options(),
        "OptimizerParamGroup: the group has no options, expected one in an optimizer");
  return *options_;
}

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups,
                     std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  if (defaults_) defaults_->validate();
  for (const OptimizerParamGroup& group : param_groups) add_param_group(group);
}

Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  if (defaults_) defaults_->validate();
  add_param_group(OptimizerParamGroup(std::move(parameters)));
}

Optimizer::~Optimizer() = default;

namespace {

void check_parameters(const std::vector<OptimizerParamGroup>& groups,
                      const std::vector<Tensor>& added) {
  std::unordered_map<const TensorImpl*, bool> seen;
  for (const OptimizerParamGroup& group : groups) {
    for (const Tensor& parameter : group.params()) seen[parameter.unsafeGetTensorImpl()] = true;
  }
  for (std::size_t i = 0; i < added.size(); ++i) {
    check(added[i].defined(), "add_param_group: parameter {} is undefined", i);
    check(added[i].is_leaf(),
          "add_param_group: parameter {} is the result of an op, expected a leaf tensor", i);
    const bool is_new = seen.emplace(added[i].unsafeGetTensorImpl(), true).second;
    check(is_new, "add_param_group: parameter {} is already in a group, expected it once", i);
  }
}

}  // namespace

void Optimizer::add_param_group(const OptimizerParamGroup& group) {
  check_parameters(param_groups_, group.params());
  OptimizerParamGroup own = group;
  if (!own.has_options()) {
    check(defaults_ != nullptr, "add_param_group: neither group nor optimizer has options");
    own.set_options(defaults_->clone());
  }
  if (defaults_) {
    const OptimizerOptions &given = own.options(), &expected = *defaults_;
    check(typeid(given) == typeid(expected),
          "add_param_group: the group's options are of another optimizer, expected those of this");
  }
  own.options().validate();
  param_groups_.push_back(std::move(own));
}

void Optimizer::add_parameters(const std::vector<Tensor>& added) {
  check(!param_groups_.empty(), "add_parameters: the optimizer has no group to add them to");
  check_parameters(param_groups_, added);
  parameters().insert(parameters().end(), added.begin(), added.end());
}

void Optimizer::zero_grad(bool set_to_none) {
  for (OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& parameter : group.params()) {
      Tensor& grad = parameter.mutable_grad();
      if (!grad.defined()) continue;
      if (set_to_none) {
        grad.reset();
      } else {
        grad.detach_();
        grad.zero_();
      }
    }
  }
}

std::size_t Optimizer::size() const noexcept {
  std::size_t count = 0;
  for (const OptimizerParamGroup& group : param_groups_) count += group.params().size();
  return count;
}

Tensor Optimizer::evaluate(const LossClosure& closure) {
  if (!closure) return {};
  const EnableGradGuard enable_grad;
  return closure();
}

}  // namespace xgrad::optim
