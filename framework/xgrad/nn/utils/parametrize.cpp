#include "xgrad/nn/utils/parametrize.h"

#include "xgrad/core/format.h"
#include "xgrad/nn/containers/module_dict.h"
#include "xgrad/nn/hooks.h"
#include "xgrad/ops/arithmetic.h"

namespace xgrad::nn {

// What changes a layer's registry.
struct Parametrizer {
  static void attach(Module& layer, std::shared_ptr<utils::Parametrization> parametrization) {
    check(layer.parameters_.contains("weight"),
          "parametrization: {} has no parameter 'weight', expected one", layer.name());
    ModuleDict parametrizations;
    parametrizations->insert("weight", std::move(parametrization));
    layer.register_module("parametrizations", parametrizations);
    layer.parameters_.erase("weight");
    layer.parametrized_ = true;
  }
  static utils::Parametrization& of(Module& layer) {
    const auto* list = layer.children_.find("parametrizations");
    auto* dict = list == nullptr ? nullptr : (*list)->as<ModuleDict>();
    check(dict != nullptr && dict->contains("weight"), "parametrization: {} has none, expected one",
          layer.name());
    return dict->at<utils::Parametrization>("weight");
  }
  static Tensor detach(Module& layer) {
    Tensor weight;
    {
      const NoGradGuard no_grad;
      weight = of(layer).weight().detach().clone();
    }
    layer.unregister_module("parametrizations");
    layer.parametrized_ = false;
    if (layer.hooks_) layer.hooks_->before.clear();
    return layer.register_parameter("weight", weight);
  }
};

}  // namespace xgrad::nn

namespace xgrad::nn::utils {
namespace {

// A handle with the same elements that is a leaf of its own.
Tensor leaf_of(const Tensor& tensor) { return tensor.detach().clone(); }

class WeightNormImpl final : public Cloneable<WeightNormImpl>, public Parametrization {
 public:
  WeightNormImpl(const Tensor& weight, optional<std::int64_t> dim) {
    if (dim) dim_ = wrap_dim("weight_norm", *dim, weight.dim());
    g_ = register_parameter("original0", leaf_of(norm(weight.detach())));
    v_ = register_parameter("original1", leaf_of(weight));
  }
  void reset() override {
    g_ = register_parameter("original0", Tensor());
    v_ = register_parameter("original1", Tensor());
  }
  void pretty_print(std::ostream& stream) const override { stream << "WeightNorm()"; }
  Tensor weight() override { return v_ * (g_ / norm(v_)); }

 private:
  Tensor norm(const Tensor& v) const {
    if (!dim_) return v.norm();
    Dims others;
    for (std::int64_t i = 0; i < v.dim(); ++i) {
      if (i != *dim_) others.push_back(i);
    }
    return others.empty() ? v.abs() : v.norm(2, others, true);
  }

  Tensor g_, v_;
  optional<std::int64_t> dim_;
};

Tensor normalized(const Tensor& x, double eps) { return x / x.norm().clamp_min(eps); }

// The vectors of the power method, under PyTorch's names.
class PowerVectorsImpl final : public Cloneable<PowerVectorsImpl> {
 public:
  PowerVectorsImpl(Tensor first, Tensor second) {
    u = register_buffer("_u", std::move(first));
    v = register_buffer("_v", std::move(second));
  }
  void reset() override {
    u = register_buffer("_u", Tensor());
    v = register_buffer("_v", Tensor());
  }
  void pretty_print(std::ostream& stream) const override { stream << "_SpectralNorm()"; }
  Tensor u, v;
};

class SpectralNormImpl final : public Cloneable<SpectralNormImpl>, public Parametrization {
 public:
  SpectralNormImpl(const Tensor& weight, std::int64_t iterations, double eps, std::int64_t dim)
      : iterations_(iterations), eps_(eps), dim_(wrap_dim("spectral_norm", dim, weight.dim())) {
    check(iterations > 0, "spectral_norm: n_power_iterations is {}, expected at least 1",
          iterations);
    const NoGradGuard no_grad;
    original_ = register_parameter("original", leaf_of(weight));
    if (weight.dim() < 2) return;
    const Tensor w = matrix();
    const Tensor u = normalized(w.new_empty({w.size(0)}).normal_(), eps);
    const Tensor v = normalized(w.new_empty({w.size(1)}).normal_(), eps);
    vectors_ = register_module("0", std::make_shared<PowerVectorsImpl>(u, v));
    iterate(15);
  }
  void reset() override {
    original_ = register_parameter("original", Tensor());
    if (!vectors_) return;
    vectors_ = register_module("0", std::make_shared<PowerVectorsImpl>(Tensor(), Tensor()));
  }
  void pretty_print(std::ostream& stream) const override { stream << "SpectralNorm()"; }

  Tensor weight() override {
    if (!vectors_) return normalized(original_, eps_);
    if (is_training()) iterate(iterations_);
    // Clones, since the next call changes them in place before this one's backward may have run.
    const Tensor u = vectors_->u.clone(), v = vectors_->v.clone();
    return original_ / u.dot(matrix().mv(v));
  }

 private:
  // [size(dim), the rest].
  Tensor matrix() const { return original_.movedim(dim_, 0).flatten(1); }
  void iterate(std::int64_t count) {
    const NoGradGuard no_grad;
    const Tensor w = matrix();
    for (std::int64_t i = 0; i < count; ++i) {
      vectors_->u.copy_(normalized(w.mv(vectors_->v), eps_));
      vectors_->v.copy_(normalized(w.t().mv(vectors_->u), eps_));
    }
  }

  std::int64_t iterations_;
  double eps_;
  std::int64_t dim_;
  Tensor original_;
  std::shared_ptr<PowerVectorsImpl> vectors_;
};

}  // namespace

void attach_parametrization(Module& layer, std::shared_ptr<Parametrization> parametrization) {
  Parametrizer::attach(layer, std::move(parametrization));
}

Tensor detach_parametrization(Module& layer) { return Parametrizer::detach(layer); }

Tensor parametrized_weight(Module& layer) { return Parametrizer::of(layer).weight(); }

std::shared_ptr<Parametrization> make_weight_norm(const Tensor& weight,
                                                  optional<std::int64_t> dim) {
  return std::make_shared<WeightNormImpl>(weight, dim);
}

std::shared_ptr<Parametrization> make_spectral_norm(const Tensor& weight, std::int64_t iterations,
                                                    double eps, std::int64_t dim) {
  return std::make_shared<SpectralNormImpl>(weight, iterations, eps, dim);
}

}  // namespace xgrad::nn::utils
