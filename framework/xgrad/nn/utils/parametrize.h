// Weights that are computed from other parameters before each call of their layer.
//
//   auto fc = parametrizations::weight_norm(xgrad::nn::Linear(20, 40));
//   auto conv = parametrizations::spectral_norm(xgrad::nn::Conv2d(3, 8, 3));
//   y = conv(x);   // call the layer itself, or through a Sequential: its forward() alone would not
//
// The layer's "weight" leaves its registry; "parametrizations.weight" takes its place, with
// PyTorch's names in the state. Source: https://pytorch.org/docs/stable/nn.html#parametrizations.
#pragma once

#include <memory>

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn::utils {

class Parametrization : public virtual Module {
 public:
  using Module::Module;
  // The weight, from this module's own parameters; differentiable.
  virtual Tensor weight() = 0;
};

// Puts a parametrization in the place of the layer's "weight". Errors: no such parameter.
void attach_parametrization(Module& layer, std::shared_ptr<Parametrization> parametrization);
// Registers a weight (as it is now) in the place of the parametrization. Errors: there is none.
Tensor detach_parametrization(Module& layer);
// The layer's weight as its parametrization computes it. Errors: there is none.
Tensor parametrized_weight(Module& layer);
// Makes "parametrizations.weight" of the tensor: weight = g * v / |v|, the norm over all dimensions
// but `dim`, or over all.
std::shared_ptr<Parametrization> make_weight_norm(const Tensor& weight, optional<std::int64_t> dim);
// weight / its largest singular value, which `iterations` of the power method follow in training.
// Errors: iterations below 1.
std::shared_ptr<Parametrization> make_spectral_norm(const Tensor& weight, std::int64_t iterations,
                                                    double eps, std::int64_t dim);

namespace parametrizations {

template <class Layer>
Layer parametrized(Layer layer, std::shared_ptr<Parametrization> parametrization) {
  attach_parametrization(*layer, std::move(parametrization));
  layer->weight = parametrized_weight(*layer);
  layer->register_forward_pre_hook([](Module& module, const Tensor&) {
    module.as<contained_t<Layer>>()->weight = parametrized_weight(module);
  });
  return layer;
}

// Salimans and Kingma 2016. Adds to the layer itself, and returns it.
template <class Layer>
Layer weight_norm(Layer layer, optional<std::int64_t> dim = 0) {
  return parametrized(layer, make_weight_norm(layer->weight, dim));
}

// Miyato et al. 2018. `dim` is that of the outputs: 1 for transposed convolutions, else 0.
template <class Layer>
Layer spectral_norm(Layer layer, std::int64_t n_power_iterations = 1, double eps = 1e-12,
                    optional<std::int64_t> dim = nullopt) {
  const bool transposed = layer->name().find("ConvTranspose") != std::string::npos;
  return parametrized(layer, make_spectral_norm(layer->weight, n_power_iterations, eps,
                                                dim.value_or(transposed ? 1 : 0)));
}

}  // namespace parametrizations

// Leaves the layer with a plain weight again.
template <class Layer>
Layer remove_parametrizations(Layer layer) {
  layer->weight = detach_parametrization(*layer);
  return layer;
}

}  // namespace xgrad::nn::utils
