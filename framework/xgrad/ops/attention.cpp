#include "xgrad/ops/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/attention_weights.h"
#include "xgrad/ops/dropout.h"
#include "xgrad/ops/einsum.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/optional_tensor.h"
#include "xgrad/ops/softmax.h"

namespace xgrad {

namespace {

constexpr double kBlocked = -std::numeric_limits<double>::infinity();

void check_operands(const Tensor& query, const Tensor& key, const Tensor& value) {
  check(query.is_floating_point() && key.scalar_type() == query.scalar_type() &&
            value.scalar_type() == query.scalar_type(),
        "scaled_dot_product_attention: query, key and value are {}, {} and {}, expected one "
        "floating dtype",
        dtype_name(query.scalar_type()), dtype_name(key.scalar_type()),
        dtype_name(value.scalar_type()));
  check(query.dim() >= 2 && key.dim() >= 2 && value.dim() >= 2 && query.size(-1) == key.size(-1) &&
            key.size(-2) == value.size(-2),
        "scaled_dot_product_attention: query, key and value have shapes {}, {} and {}, expected "
        "[..., L, E], [..., S, E] and [..., S, V]",
        query.sizes(), key.sizes(), value.sizes());
}

// The scores' shape [..., L, S]. Errors: leading dims that do not broadcast, those of value
// included.
Dims scores_shape(const Tensor& query, const Tensor& key, const Tensor& value) {
  const auto size = [](const Tensor& x, std::int64_t i) { return i > x.dim() ? 1 : x.size(-i); };
  const std::int64_t rank = std::max(query.dim(), key.dim());
  Dims shape;
  for (std::int64_t i = std::max(rank, value.dim()); i > 2; --i) {
    const std::int64_t q = size(query, i), k = size(key, i), v = size(value, i), s = q == 1 ? k : q;
    check((q == k || q == 1 || k == 1) && (s == v || s == 1 || v == 1),
          "scaled_dot_product_attention: the leading dims of query {}, key {} and value {} do not "
          "broadcast",
          query.sizes().vec(), key.sizes().vec(), value.sizes().vec());
    if (i <= rank) shape.push_back(s);
  }
  shape.push_back(query.size(-2));
  shape.push_back(key.size(-2));
  return shape;
}

bool broadcasts_to(const Tensor& x, const Dims& shape) {
  const auto rank = static_cast<std::int64_t>(shape.size());
  if (x.dim() > rank) return false;
  for (std::int64_t i = 1; i <= x.dim(); ++i) {
    if (x.size(-i) != 1 && x.size(-i) != shape[static_cast<std::size_t>(rank - i)]) return false;
  }
  return true;
}

}  // namespace

Tensor attention_weights(std::string_view scores, const Tensor& query, const Tensor& key,
                         const Tensor& bias, double scale) {
  // Without a bias the queries are scaled: there are fewer of them than of scores.
  return softmax(bias.defined() ? einsum_add(bias, scores, {query, key}, 1, scale)
                                : einsum(scores, {query.mul(scale), key}),
                 -1);
}

Tensor mask_bias(const Tensor& mask, bool blocks, ScalarType type) {
  if (mask.is_floating_point()) return mask.to(type);
  return zeros(mask.sizes(), type).masked_fill(blocks ? mask : mask.logical_not(), kBlocked);
}

Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const optional<Tensor>& attn_mask, double dropout_p,
                                    bool is_causal, optional<double> scale) {
  check_operands(query, key, value);
  const Dims shape = scores_shape(query, key, value);
  const ScalarType type = query.scalar_type();
  const Tensor& mask = tensor_or_none(attn_mask);
  Tensor bias;
  if (mask.defined()) {
    check(!is_causal,
          "scaled_dot_product_attention: attn_mask is given and is_causal is true, expected one of "
          "them");
    check(mask.scalar_type() == kBool || mask.is_floating_point(),
          "scaled_dot_product_attention: attn_mask is {}, expected bool or a floating dtype",
          dtype_name(mask.scalar_type()));
    check(
        broadcasts_to(mask, shape),
        "scaled_dot_product_attention: attn_mask has shape {}, expected one that broadcasts to {}",
        mask.sizes(), IntArrayRef(shape));
    bias = mask_bias(mask, false, type);
  } else if (is_causal) {
    bias = full({query.size(-2), key.size(-2)}, kBlocked, type).triu_(1);
  }
  const double factor = scale.value_or(1 / std::sqrt(static_cast<double>(query.size(-1))));
  const Tensor weights = attention_weights("...le,...se->...ls", query, key, bias, factor);
  return einsum("...ls,...sv->...lv", {dropout(weights, dropout_p, true), value});
}

}  // namespace xgrad
