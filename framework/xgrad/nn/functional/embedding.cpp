#include "xgrad/nn/functional/embedding.h"

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/embedding_bag.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/gather.h"

namespace xgrad::nn::functional {

namespace {

void renormalize(Tensor weight, const Tensor& input, const optional<double>& max_norm,
                 double norm_type) {
  if (!max_norm) return;
  NoGradGuard no_grad;
  embedding_renorm_(weight, input, *max_norm, norm_type);
}

}  // namespace

Tensor one_hot(const Tensor& tensor, std::int64_t num_classes) {
  return xgrad::one_hot(tensor, num_classes);
}

Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  std::int64_t padding = -1;
  if (options.padding_idx()) {
    const std::int64_t n = weight.size(0);
    padding = *options.padding_idx();
    check(padding >= -n && padding < n,
          "embedding: padding_idx {} is out of range, expected {}..{}", padding, -n, n - 1);
    if (padding < 0) padding += n;
  }
  renormalize(weight, input, options.max_norm(), options.norm_type());
  return xgrad::embedding(weight, input, padding, options.scale_grad_by_freq(), options.sparse());
}

Tensor embedding_bag(const Tensor& input, const Tensor& weight,
                     const EmbeddingBagFuncOptions& options) {
  Tensor index = input, offsets = options.offsets(), scale = options.per_sample_weights();
  check(input.dim() == 1 || input.dim() == 2,
        "embedding_bag: input has shape {}, expected [B, k] or [k]", input.sizes());
  check(!scale.defined() || scale.sizes() == input.sizes(),
        "embedding_bag: per_sample_weights have shape {}, expected the input's, {}",
        scale.defined() ? scale.sizes() : input.sizes(), input.sizes());
  if (input.dim() == 2) {
    check(!offsets.defined(),
          "embedding_bag: input has shape {}, each row a bag, and so takes no offsets",
          input.sizes());
    offsets = arange(0, input.size(0)) * input.size(1);
    if (options.include_last_offset()) offsets = arange(0, input.size(0) + 1) * input.size(1);
    index = input.reshape({-1});
    if (scale.defined()) scale = scale.reshape({-1});
  } else {
    check(offsets.defined(), "embedding_bag: input has shape {} and needs offsets", input.sizes());
  }
  const bool largest = std::holds_alternative<enumtype::kMax>(options.mode());
  check(!largest || !options.scale_grad_by_freq(),
        "embedding_bag: mode kMax does not go with scale_grad_by_freq");
  check(!scale.defined() || std::holds_alternative<enumtype::kSum>(options.mode()),
        "embedding_bag: per_sample_weights go with mode kSum only, but it is {}",
        enumtype::get_enum_name(options.mode()));
  renormalize(weight, index, options.max_norm(), options.norm_type());
  const auto mode = static_cast<std::int64_t>(options.mode().index());  // sum, mean, max
  return std::get<0>(xgrad::embedding_bag(weight, index, offsets, options.scale_grad_by_freq(),
                                          mode, options.sparse(), scale,
                                          options.include_last_offset(), options.padding_idx()));
}

}  // namespace xgrad::nn::functional
