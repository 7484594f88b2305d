// Dotted names of what is registered, and suggestions for those that were mistyped. Private to nn.
#pragma once

#include <string>
#include <vector>

namespace xgrad::nn {

inline std::string join_name(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

// The candidate with the fewest edits (Levenshtein), "" where none is near:
// more than half would change.
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

// ", did you mean fc.weight?" or "".
std::string suggestion(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace xgrad::nn
