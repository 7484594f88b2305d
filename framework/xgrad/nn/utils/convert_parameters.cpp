#include "xgrad/nn/utils/convert_parameters.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/shape.h"

namespace xgrad::nn::utils {

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> flat;
  flat.reserve(parameters.size());
  for (const Tensor& parameter : parameters) flat.push_back(parameter.reshape({-1}));
  return cat(flat);
}

void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters) {
  std::int64_t total = 0;
  for (const Tensor& parameter : parameters) total += parameter.numel();
  check(vector.dim() == 1 && vector.numel() == total,
        "vector_to_parameters: the vector is {}, expected [{}]", shape_text(vector.sizes()), total);
  std::int64_t start = 0;
  for (const Tensor& parameter : parameters) {
    const Tensor part = vector.detach().narrow(0, start, parameter.numel());
    parameter.set_data(part.view_as(parameter));
    start += parameter.numel();
  }
}

}  // namespace xgrad::nn::utils
