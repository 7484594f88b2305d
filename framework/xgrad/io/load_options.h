// LoadOptions: what a load may pass over, and how names are translated;
// strict unless told otherwise.
//
//   load_checkpoint("run.json", {{"model", net}}, io::LoadOptions().allow_missing(true));
//   net->load_state_dict(state, io::LoadOptions().remove_prefix("module."));
//   net->load_state_dict(state, false);  // allow_missing and allow_unexpected
#pragma once

#include <concepts>
#include <map>
#include <string>
#include <vector>

#include "xgrad/core/arg.h"

namespace xgrad::io {

class LoadOptions {
 public:
  using KeyMap = std::map<std::string, std::string>;

  LoadOptions() = default;
  template <std::same_as<bool> Bool>  // a text would be a bool, too
  LoadOptions(Bool strict) : allow_missing_(!strict), allow_unexpected_(!strict) {}

  // The name in the module for a name in the state.
  std::string renamed(std::string name) const {
    if (name.starts_with(remove_prefix_)) name.erase(0, remove_prefix_.size());
    const auto mapped = key_map_.find(name);
    return mapped != key_map_.end() ? mapped->second : add_prefix_ + name;
  }

  // Names that the state lacks keep their values.
  XGRAD_ARG(bool, allow_missing) = false;
  // Names that the module lacks are left out.
  XGRAD_ARG(bool, allow_unexpected) = false;
  // Buffers, by name in the module, that take the shape that they have in the state.
  XGRAD_ARG(std::vector<std::string>, resize_buffers);
  // Taken off the names that begin with it: "module.".
  XGRAD_ARG(std::string, remove_prefix);
  // Name in the state, without that prefix -> name in the module.
  XGRAD_ARG(KeyMap, key_map);
  // Put before the names that key_map does not have: "backbone.".
  XGRAD_ARG(std::string, add_prefix);
  // Checks all and changes nothing.
  XGRAD_ARG(bool, dry_run) = false;
};

}  // namespace xgrad::io
