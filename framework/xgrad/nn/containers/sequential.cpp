#include "xgrad/nn/containers/sequential.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/containers/functional.h"

namespace xgrad::nn {

void FunctionalImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Functional()";
}

void SequentialImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sequential"; }

AnyValue SequentialImpl::any_forward(std::span<AnyValue> arguments) {
  check(!is_empty(), "Sequential::forward: there are no modules, expected at least one");
  AnyValue value = modules_[0].any_forward(arguments);
  for (std::size_t i = 1; i < modules_.size(); ++i) {
    value = modules_[i].any_forward(std::span(&value, 1));
  }
  return value;
}

void SequentialImpl::push_back(std::string name, AnyModule module) {
  register_module(name, module.ptr());
  names_.push_back(std::move(name));
  modules_.push_back(std::move(module));
}

std::shared_ptr<Module> SequentialImpl::clone(const optional<Device>& device) const {
  CloneScope scope(device);
  auto copy = std::make_shared<SequentialImpl>();
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    copy->push_back(names_[i], modules_[i].clone(device));
  }
  scope.end(*copy, *this);
  return copy;
}

const AnyModule& SequentialImpl::module_at(std::size_t index) const {
  check_index(index < size(), "Sequential: index {} is out of range, expected less than {}", index,
              size());
  return modules_[index];
}

void SequentialImpl::fail_result(const std::type_info& wanted, const std::type_info& given) const {
  fail("Sequential::forward: the result is a {}, expected a {}", type_name(given),
       type_name(wanted));
}

}  // namespace xgrad::nn
