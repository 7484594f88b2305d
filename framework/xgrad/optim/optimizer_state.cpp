// Optimizer::state_dict and its opposite:
//
//   values:  {"optimizer": "Adam",
//             "param_groups": [{"options": {"lr": 0.001, ...}, "initial_lr": null,
//                               "params": ["fc.weight", "fc.bias"]}],
//             "state": {"fc.weight": {"step": 3}, "fc.bias": {"step": 3}}}
//   tensors: state.fc.weight.exp_avg, state.fc.weight.exp_avg_sq, state.fc.bias.exp_avg, ...
//
// Without names parameters are 0, 1, ...
#include <set>

#include "xgrad/core/format.h"
#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

using io::Value;

namespace {

// Of all parameters, group by group; empty unless each has a name of its own.
std::vector<std::string> names_of(const std::vector<OptimizerParamGroup>& groups,
                                  const io::NameOf& name_of) {
  std::vector<std::string> names;
  if (!name_of) return names;
  for (const OptimizerParamGroup& group : groups) {
    for (const Tensor& parameter : group.params()) names.push_back(name_of(parameter));
  }
  const std::set<std::string> different(names.begin(), names.end());
  if (different.contains("") || different.size() < names.size()) names.clear();
  return names;
}

// What the state calls the parameters of a group, in the order of `names` or else in its own.
std::vector<std::string> keys_of(const Value::Array& saved, const std::vector<std::string>& names,
                                 const std::string& label) {
  std::vector<std::string> keys;
  for (const Value& key : saved) {
    const bool named = key.type() == Value::Type::String;
    keys.push_back(named ? key.as_string() : std::to_string(key.as_int()));
  }
  if (names.empty() || saved.empty() || saved[0].type() != Value::Type::String) return keys;
  const std::set<std::string> known(keys.begin(), keys.end());
  for (const std::string& name : names) {
    check(known.contains(name), "{} has no parameter '{}' in the state", label, name);
  }
  return names;
}

}  // namespace

io::StateDict Optimizer::state_dict(const io::NameOf& name_of) const {
  const std::vector<std::string> names = names_of(param_groups_, name_of);
  io::StateDict result;
  result.values["optimizer"] = name();
  Value groups = Value::array(), states = Value::object();
  std::size_t number = 0;
  for (const OptimizerParamGroup& group : param_groups_) {
    Value saved = Value::object(), keys = Value::array();
    saved["options"] = Value::object();
    save_fields(const_cast<OptimizerOptions&>(group.options()), saved["options"]);
    saved["initial_lr"] = group.initial_lr() ? Value(*group.initial_lr()) : Value();
    for (const Tensor& parameter : group.params()) {
      const std::string key = names.empty() ? std::to_string(number) : names[number];
      const auto state = state_.find(parameter.unsafeGetTensorImpl());
      if (state != state_.end()) {
        states[key] = Value::object();
        save_fields(*state->second, states[key], result, "state." + key);
      }
      keys.push_back(names.empty() ? Value(number) : Value(key));
      ++number;
    }
    saved["params"] = std::move(keys);
    groups.push_back(std::move(saved));
  }
  result.values["param_groups"] = std::move(groups);
  result.values["state"] = std::move(states);
  return result;
}

void Optimizer::load_state_dict(const io::StateDict& state, const io::NameOf& name_of) {
  const std::string label = fmt::format("{}::load_state_dict", name());
  const Value* kind = state.values.find("optimizer");
  check(kind != nullptr && kind->type() == Value::Type::String && kind->as_string() == name(),
        "{}: the state is of {}, expected {}", label,
        kind != nullptr && kind->type() == Value::Type::String ? kind->as_string() : "no optimizer",
        name());
  const Value::Array& groups = state.values.at("param_groups").as_array();
  check(groups.size() == param_groups_.size(),
        "{}: the state has {} parameter groups, expected the optimizer's {}", label, groups.size(),
        param_groups_.size());
  const Value& states = state.values.at("state");
  TensorsByName tensors;
  for (const auto& [key, tensor] : state.tensors) tensors[key] = tensor;

  // All is made first, and put in place when nothing can fail any more.
  const NoGradGuard no_grad;
  std::vector<std::unique_ptr<OptimizerOptions>> new_options;
  std::vector<optional<double>> initial_lrs;
  StateMap new_states;
  const std::vector<std::string> names = names_of(param_groups_, name_of);
  std::size_t number = 0, found = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::vector<Tensor>& parameters = param_groups_[g].params();
    const Value::Array& saved = groups[g].at("params").as_array();
    check(saved.size() == parameters.size(),
          "{}: group {} has {} parameters in the state, expected {}", label, g, saved.size(),
          parameters.size());
    std::vector<std::string> own_names;
    for (std::size_t i = 0; i < saved.size() && !names.empty(); ++i) {
      own_names.push_back(names[number + i]);
    }
    const std::vector<std::string> keys =
        keys_of(saved, own_names, fmt::format("{}: group {}", label, g));
    new_options.push_back(param_groups_[g].options().clone());
    load_fields(*new_options.back(), groups[g].at("options"),
                fmt::format("{}: group {}", label, g));
    new_options.back()->validate();
    const Value& initial_lr = groups[g].at("initial_lr");
    initial_lrs.push_back(initial_lr.is_null() ? nullopt
                                               : optional<double>(initial_lr.as_double()));
    number += saved.size();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const Tensor& parameter = parameters[i];
      const std::string& key = keys[i];
      const Value* values = states.find(key);
      if (values == nullptr) continue;
      ++found;
      std::unique_ptr<OptimizerParamState> loaded = make_state();
      check(loaded != nullptr,
            "{}: this optimizer keeps no state, but one for parameter {} is given", label, key);
      load_fields(*loaded, *values, tensors, "state." + key,
                  state_is_per_parameter() ? parameter : Tensor(),
                  fmt::format("{}: parameter {}", label, key));
      new_states[parameter.unsafeGetTensorImpl()] = std::move(loaded);
    }
  }
  check(found == states.size(), "{}: the state is of more than the optimizer's {} parameters",
        label, number);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    param_groups_[g].set_options(std::move(new_options[g]));
    param_groups_[g].initial_lr(initial_lrs[g]);
  }
  state_ = std::move(new_states);
}

}  // namespace xgrad::optim
