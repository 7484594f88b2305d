// How layers print: print_layer(stream, "ELU", field("alpha", 1.0), ...) gives
// torch::nn::ELU(alpha=1, ...), as libtorch does. Private to the library's sources.
#pragma once

#include <ostream>
#include <type_traits>

namespace xgrad::nn {

// name=value; without a name the value alone; left out unless `shown`.
template <class T>
struct Field {
  const char* name;
  const T& value;
  bool shown;
};
template <class T>
Field<T> field(const char* name, const T& value, bool shown = true) {
  return {name, value, shown};
}

template <class T>
void print_field(std::ostream& stream, const char*& separator, const Field<T>& f) {
  if (!f.shown) return;
  stream << separator;
  if (*f.name) stream << f.name << '=';
  if constexpr (std::is_same_v<T, bool>) {
    stream << (f.value ? "true" : "false");
  } else {
    stream << f.value;
  }
  separator = ", ";
}

template <class... Ts>
void print_layer(std::ostream& stream, const char* name, const Field<Ts>&... fields) {
  stream << "torch::nn::" << name << '(';
  [[maybe_unused]] const char* separator = "";
  (print_field(stream, separator, fields), ...);
  stream << ')';
}

}  // namespace xgrad::nn
