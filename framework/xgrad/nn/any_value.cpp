#include "xgrad/nn/any_value.h"

#include <cxxabi.h>

#include <cctype>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "xgrad/core/format.h"

namespace xgrad::nn {

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  std::string name = status == 0 ? text.get() : type.name();
  const std::string_view own = "xgrad::nn::";
  for (std::size_t at = 0; (at = name.find(own, at)) != std::string::npos; at += own.size()) {
    const char before = at == 0 ? '<' : name[at - 1];
    if (before != ':' && before != '_' && !std::isalnum(static_cast<unsigned char>(before))) {
      name.replace(at, 5, "torch");
    }
  }
  return name;
}

void AnyValue::fail_cast(const std::type_info& wanted) const {
  fail("AnyValue: the value is a {}, expected a {}", type_name(type_info()), type_name(wanted));
}

}  // namespace xgrad::nn
