#include "xgrad/core/tensor_index.h"

#include <ostream>

#include "xgrad/core/format.h"

namespace xgrad::indexing {

Slice::Slice(optional<std::int64_t> start, optional<std::int64_t> stop, optional<std::int64_t> step)
    : step_(step.value_or(1)) {
  check(step_ != 0, "Slice: the step is 0, expected another number");
  step_ = std::max(step_, -INDEX_MAX);  // so that -step exists
  start_ = start.value_or(step_ < 0 ? INDEX_MAX : 0);
  stop_ = stop.value_or(step_ < 0 ? INDEX_MIN : INDEX_MAX);
}

TensorIndex::TensorIndex(const char* text) : type_(TensorIndexType::Ellipsis) {
  check(text != nullptr && std::string_view(text) == "...",
        "TensorIndex: '{}' is not an index, expected \"...\"", text == nullptr ? "null" : text);
}

std::ostream& operator<<(std::ostream& out, const Slice& slice) {
  return out << slice.start() << ':' << slice.stop() << ':' << slice.step();
}

std::ostream& operator<<(std::ostream& out, const TensorIndex& index) {
  if (index.is_none()) return out << "None";
  if (index.is_ellipsis()) return out << "...";
  if (index.is_integer()) return out << index.integer();
  if (index.is_boolean()) return out << (index.boolean() ? "true" : "false");
  if (index.is_slice()) return out << index.slice();
  return out << index.tensor();
}

std::ostream& operator<<(std::ostream& out, const std::vector<TensorIndex>& indices) {
  out << '(';
  for (std::size_t i = 0; i < indices.size(); ++i) out << (i == 0 ? "" : ", ") << indices[i];
  return out << ')';
}

}  // namespace xgrad::indexing
