#include "xgrad/nn/any.h"

#include "xgrad/core/format.h"
#include "xgrad/nn/clone_scope.h"

namespace xgrad::nn {

std::vector<AnyValue> AnyModulePlaceholder::with_defaults(std::span<AnyValue> given,
                                                          std::size_t expected) const {
  const Module::DefaultArguments defaults = module->forward_default_args();
  check(given.size() + defaults.size() >= expected && given.size() <= expected,
        "{}::forward: {} arguments were given, expected {}{}", module->name(), given.size(),
        defaults.empty() ? "" : fmt::format("{} to ", expected - defaults.size()), expected);
  std::vector<AnyValue> all(std::make_move_iterator(given.begin()),
                            std::make_move_iterator(given.end()));
  for (const auto& [position, value] : defaults) {
    if (position == all.size()) all.push_back(value);
  }
  check(all.size() == expected,
        "{}::forward: argument {} was not given and has no default, expected {} arguments",
        module->name(), all.size(), expected);
  return all;
}

void AnyModulePlaceholder::fail_argument(std::size_t position, const std::type_info& wanted,
                                         const std::type_info& given) const {
  fail("{}::forward: argument {} is a {}, expected a {}", module->name(), position,
       type_name(given), type_name(wanted));
}

AnyModule AnyModule::clone(optional<Device> device) const {
  CloneScope scope(device);
  AnyModule copy;
  copy.content_ = content().with(scope.clone_once(ptr()));
  CloneScope::check_type(copy.content_ != nullptr, *ptr(), *ptr());
  scope.finish();
  return copy;
}

void AnyModule::fail_empty() { fail("AnyModule: it is empty, expected a module"); }

void AnyModule::fail_type(const std::type_info& wanted) const {
  fail("AnyModule: the module is a {}, expected a {}", type_name(type_info()), type_name(wanted));
}

void AnyModule::fail_result(const std::type_info& wanted, const std::type_info& given) const {
  fail("{}::forward: the result is a {}, expected a {}", ptr()->name(), type_name(given),
       type_name(wanted));
}

}  // namespace xgrad::nn
