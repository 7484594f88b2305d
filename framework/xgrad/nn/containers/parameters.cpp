#include "xgrad/nn/containers/parameters.h"

#include <ostream>

#include "xgrad/core/format.h"

namespace xgrad::nn {
namespace {

// As libtorch prints: one line a parameter.
void print_parameters(std::ostream& stream, const char* name,
                      const OrderedDict<std::string, Tensor>& parameters) {
  stream << name << "(\n";
  for (const auto& item : parameters) {
    stream << "(" << item.key() << "): Parameter containing: [";
    if (item->defined()) {
      stream << toString(item->scalar_type()) << " of size " << item->sizes();
    } else {
      stream << "None";
    }
    stream << "]\n";
  }
  stream << ")";
}

bool trained(const Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); }

// Registers in the clone what stands for each parameter of the source.
template <class Impl>
std::shared_ptr<Module> cloned(const Impl& source, const optional<Device>& device) {
  CloneScope scope(device);
  auto copy = std::make_shared<Impl>();
  for (const auto& item : source) {
    copy->register_parameter(item.key(), CloneScope::tensor_for(item.value(), Tensor()),
                             trained(item.value()));
  }
  scope.end(*copy, source);
  return copy;
}

}  // namespace

void ParameterListImpl::pretty_print(std::ostream& stream) const {
  print_parameters(stream, "torch::nn::ParameterList", parameters_);
}

void ParameterListImpl::append(Tensor parameter) {
  const bool train = trained(parameter);
  register_parameter(std::to_string(size()), std::move(parameter), train);
}

std::size_t ParameterListImpl::checked(std::size_t index) const {
  check_index(index < size(), "ParameterList: index {} is out of range, expected less than {}",
              index, size());
  return index;
}

std::shared_ptr<Module> ParameterListImpl::clone(const optional<Device>& device) const {
  return cloned(*this, device);
}

void ParameterDictImpl::pretty_print(std::ostream& stream) const {
  print_parameters(stream, "torch::nn::ParameterDict", parameters_);
}

Tensor& ParameterDictImpl::insert(std::string key, Tensor parameter) {
  const bool train = trained(parameter);
  return register_parameter(std::move(key), std::move(parameter), train);
}

Tensor ParameterDictImpl::pop(const std::string& key) {
  Tensor parameter = parameters_[key];
  parameters_.erase(key);
  return parameter;
}

std::shared_ptr<Module> ParameterDictImpl::clone(const optional<Device>& device) const {
  return cloned(*this, device);
}

}  // namespace xgrad::nn
