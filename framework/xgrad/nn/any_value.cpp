#include "xgrad/nn/any_value.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

#include "xgrad/core/format.h"

namespace xgrad::nn {

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? text.get() : type.name();
}

void AnyValue::fail_cast(const std::type_info& wanted) const {
  fail("AnyValue: the value is a {}, expected a {}", type_name(type_info()), type_name(wanted));
}

}  // namespace xgrad::nn
