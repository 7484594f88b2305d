// All parameters as one vector, and back.
//
//   auto flat = xgrad::nn::utils::parameters_to_vector(model->parameters());
#pragma once

#include <vector>

#include "xgrad/core/tensor.h"

namespace xgrad::nn::utils {

// [total number of elements], one parameter after the other; differentiable.
Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
// Makes the parameters views of `vector`, which is not copied. Errors: another number of elements.
void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters);

}  // namespace xgrad::nn::utils
