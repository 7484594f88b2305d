#include "xgrad/ops/recurrent_check.h"

#include <algorithm>

#include "xgrad/core/format.h"
#include "xgrad/kernels/recurrent.h"

namespace xgrad {

using kernels::Recurrence;

std::string RecurrentPlace::of(const char* name) const {
  if (layer < 0) return name;
  return fmt::format("{} of layer {}{}", name, layer, reverse ? " in reverse" : "");
}

namespace {

std::vector<std::int64_t> sizes_of(const Tensor& tensor) {
  return tensor.defined() ? tensor.sizes().vec() : std::vector<std::int64_t>();
}

void check_tensor(const RecurrentPlace& place, const char* name, const Tensor& tensor,
                  const Dims& sizes, ScalarType type) {
  if (!tensor.defined() || tensor.sizes() != IntArrayRef(sizes)) {
    fail("{}: {} has shape {}, expected {}", place.op, place.of(name), sizes_of(tensor),
         IntArrayRef(sizes).vec());
  }
  if (tensor.scalar_type() != type) {
    fail("{}: {} is {} but the input is {}, expected the same dtype", place.op, place.of(name),
         dtype_name(tensor.scalar_type()), dtype_name(type));
  }
}

}  // namespace

void check_layer(const RecurrentPlace& place, Recurrence kind, const Tensor& x,
                 std::int64_t sequences, const RecurrentState& first,
                 const RecurrentWeights& weights) {
  const Tensor &w_hh = weights.w_hh, &w_hr = weights.w_hr;
  const ScalarType type = x.scalar_type();
  check(isFloatingType(type), "{}: the input is {}, expected a floating dtype", place.op,
        dtype_name(type));
  const std::int64_t count = kernels::gates_of(kind);
  if (!w_hh.defined() || w_hh.dim() != 2 || w_hh.size(0) % count != 0) {
    fail("{}: {} has shape {}, expected [{} * n, n]", place.op, place.of("w_hh"), sizes_of(w_hh),
         count);
  }
  const std::int64_t g = w_hh.size(0), n = g / count, p = w_hr.defined() ? w_hh.size(1) : n;
  check_tensor(place, "w_hh", w_hh, {g, p}, type);
  check_tensor(place, "w_ih", weights.w_ih, {g, x.size(-1)}, type);
  check(weights.b_ih.defined() == weights.b_hh.defined(),
        "{}: one bias is undefined, expected both or neither", place.op);
  if (weights.b_ih.defined()) {
    check_tensor(place, "b_ih", weights.b_ih, {g}, type);
    check_tensor(place, "b_hh", weights.b_hh, {g}, type);
  }
  if (w_hr.defined()) check_tensor(place, "w_hr", w_hr, {p, n}, type);
  if (first.h.defined()) check_tensor(place, "h", first.h, {sequences, p}, type);
  if (first.c.defined()) check_tensor(place, "c", first.c, {sequences, n}, type);
}

std::vector<std::int64_t> checked_batch_sizes(const char* op, const Tensor& batch_sizes,
                                              std::int64_t rows) {
  check(batch_sizes.defined() && batch_sizes.dim() == 1 && batch_sizes.scalar_type() == kLong,
        "{}: batch_sizes have shape {}, expected one dim and int64", op, sizes_of(batch_sizes));
  const Tensor dense = batch_sizes.contiguous();
  const auto* data = dense.data_ptr<std::int64_t>();
  std::vector<std::int64_t> sizes(data, data + dense.numel());
  std::int64_t sum = 0;
  for (const std::int64_t size : sizes) sum += size;
  check(!sizes.empty() && std::is_sorted(sizes.rbegin(), sizes.rend()) && sizes.back() > 0 &&
            sum == rows,
        "{}: batch_sizes are {}, expected positive ones that do not grow, {} in sum", op, sizes,
        rows);
  return sizes;
}

}  // namespace xgrad
