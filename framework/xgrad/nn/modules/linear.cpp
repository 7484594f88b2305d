#include "xgrad/nn/modules/linear.h"

#include <cmath>
#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/linear.h"
#include "xgrad/nn/init.h"
#include "xgrad/nn/modules/print.h"
#include "xgrad/ops/factories.h"

namespace xgrad::nn {

void IdentityImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Identity"); }

LinearImpl::LinearImpl(const LinearOptions& options_) : options(options_) { LinearImpl::reset(); }

void LinearImpl::reset() {
  check(options.in_features() >= 0 && options.out_features() >= 0,
        "Linear: {} features in and {} out, expected no negative number", options.in_features(),
        options.out_features());
  weight = register_parameter("weight", empty({options.out_features(), options.in_features()}));
  bias = options.bias() ? register_parameter("bias", empty({options.out_features()}))
                        : register_parameter("bias", {}, false);
  reset_parameters();
}

void LinearImpl::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const double bound =
      options.in_features() == 0 ? 0 : 1 / std::sqrt(static_cast<double>(options.in_features()));
  init::uniform_(bias, -bound, bound);
}

void LinearImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Linear", field("in_features", options.in_features()),
              field("out_features", options.out_features()), field("bias", options.bias()));
}

Tensor LinearImpl::forward(const Tensor& input) { return functional::linear(input, weight, bias); }

BilinearImpl::BilinearImpl(const BilinearOptions& options_) : options(options_) {
  BilinearImpl::reset();
}

void BilinearImpl::reset() {
  check(options.in1_features() >= 0 && options.in2_features() >= 0 && options.out_features() >= 0,
        "Bilinear: {} and {} features in and {} out, expected no negative number",
        options.in1_features(), options.in2_features(), options.out_features());
  weight = register_parameter(
      "weight", empty({options.out_features(), options.in1_features(), options.in2_features()}));
  bias = options.bias() ? register_parameter("bias", empty({options.out_features()}))
                        : register_parameter("bias", {}, false);
  reset_parameters();
}

void BilinearImpl::reset_parameters() {
  const double bound =
      options.in1_features() == 0 ? 0 : 1 / std::sqrt(static_cast<double>(options.in1_features()));
  init::uniform_(weight, -bound, bound);
  if (bias.defined()) init::uniform_(bias, -bound, bound);
}

void BilinearImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Bilinear", field("in1_features", options.in1_features()),
              field("in2_features", options.in2_features()),
              field("out_features", options.out_features()), field("bias", options.bias()));
}

Tensor BilinearImpl::forward(const Tensor& input1, const Tensor& input2) {
  return functional::bilinear(input1, input2, weight, bias);
}

Tensor FlattenImpl::forward(const Tensor& input) {
  return input.flatten(options.start_dim(), options.end_dim());
}

void FlattenImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Flatten", field("start_dim", options.start_dim()),
              field("end_dim", options.end_dim()));
}

Tensor UnflattenImpl::forward(const Tensor& input) {
  check(options.namedshape().empty(),
        "Unflatten: dim '{}' is named, but tensors here have no dim names, expected a dim's number",
        options.dimname());
  return input.unflatten(options.dim(), options.sizes());
}

void UnflattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Unflatten(dim=";
  const char* separator = "";
  if (options.namedshape().empty()) {
    stream << options.dim() << ", unflattened_size={";
    for (const std::int64_t size : options.sizes()) {
      stream << separator << size;
      separator = ", ";
    }
  } else {
    stream << '"' << options.dimname() << "\", unflattened_size={";
    for (const auto& [name, size] : options.namedshape()) {
      stream << separator << "{\"" << name << "\", " << size << '}';
      separator = ", ";
    }
  }
  stream << "})";
}

}  // namespace xgrad::nn
