// StateDict: the state of an optimizer, a scheduler, a sampler... as plain data:
// tensors and values by name.
//
//   io::StateDict state = optimizer.state_dict();
//   optimizer.load_state_dict(state);
//
// What a checkpoint is made of beside the tensors of modules; any object with state_dict() and
// load_state_dict() can be saved.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "xgrad/core/tensor.h"
#include "xgrad/io/value.h"

namespace xgrad::io {

// The name of a tensor in its module, empty where it has none. A state that knows parameters by
// name survives their reordering, and is read by people.
using NameOf = std::function<std::string(const Tensor&)>;

struct StateDict {
  std::vector<std::pair<std::string, Tensor>>
      tensors;                     // in the order of the state; names are unique
  Value values = Value::object();  // numbers, texts, lists and objects of them

  void add(std::string name, Tensor tensor) {
    tensors.emplace_back(std::move(name), std::move(tensor));
  }
  // Null where there is no tensor of that name.
  const Tensor* find(const std::string& name) const {
    for (const auto& [key, tensor] : tensors) {
      if (key == name) return &tensor;
    }
    return nullptr;
  }

  // The state of a part under its name: tensors as "name.tensor", values as the member `name`.
  void add_part(const std::string& name, const StateDict& state) {
    for (const auto& [key, tensor] : state.tensors) add(name + "." + key, tensor);
    values[name] = state.values;
  }
  StateDict part(const std::string& name) const {
    StateDict state;
    for (const auto& [key, tensor] : tensors) {
      if (key.compare(0, name.size() + 1, name + ".") == 0)
        state.add(key.substr(name.size() + 1), tensor);
    }
    if (const Value* own = values.find(name)) state.values = *own;
    return state;
  }
};

}  // namespace xgrad::io
