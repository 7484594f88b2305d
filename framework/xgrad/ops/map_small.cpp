#include "xgrad/ops/map_small.h"

namespace xgrad {
namespace {

constexpr std::int64_t kSmall = 32;
constexpr std::size_t kMaxInputs = 3;

// Room for an input that does not lie as the output does.
struct Copies {
  alignas(64) char data[kMaxInputs][kSmall * 8];
};

template <class T>
void repeat(const Scalar& value, std::int64_t n, void* to) {
  std::fill_n(static_cast<T*>(to), n, value.cast<T>());
}

bool broadcasts_to(IntArrayRef from, IntArrayRef to) {
  if (from.size() > to.size()) return false;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::int64_t size = from[from.size() - 1 - i];
    if (size != 1 && size != to[to.size() - 1 - i]) return false;
  }
  return true;
}

// x, row-major, broadcast to `sizes`, row-major.
template <class T>
void broadcast(const Tensor& x, IntArrayRef sizes, std::int64_t n, void* to) {
  const T* from = static_cast<const T*>(x.data_ptr());
  const std::size_t lead = sizes.size() - x.sizes().size();
  Dims index(sizes.size(), 0), strides(sizes.size(), 0);
  for (std::size_t d = lead; d < sizes.size(); ++d) {
    if (x.sizes()[d - lead] != 1) strides[d] = x.strides()[d - lead];
  }
  std::int64_t place = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    static_cast<T*>(to)[i] = from[place];
    for (std::size_t d = sizes.size(); d-- > 0;) {
      place += strides[d];
      if (++index[d] < sizes[d]) break;
      place -= strides[d] * sizes[d];
      index[d] = 0;
    }
  }
}

// The tensor with the most elements, if all lie row-major and are small and of `type`.
const Tensor* largest(Operands operands, ScalarType type) {
  const Tensor* found = nullptr;
  for (const Operand& operand : operands) {
    if (!operand.is_tensor()) continue;
    const Tensor& x = operand.tensor();
    if (x.scalar_type() != type || !x.is_contiguous() || x.numel() > kSmall) return nullptr;
    const bool larger = found == nullptr || x.numel() > found->numel() ||
                        (x.numel() == found->numel() && x.dim() > found->dim());
    if (larger) found = &x;
  }
  return found;
}

// Whether x lies in a part of out's bytes, other than all of them in their order.
bool overlaps(const Tensor& out, const Tensor& x) {
  const auto* a = static_cast<const char*>(out.data_ptr());
  const auto* b = static_cast<const char*>(x.data_ptr());
  if (a == b && out.numel() == x.numel()) return false;
  return b < a + out.nbytes() && a < b + x.nbytes();
}

}  // namespace

Tensor map_small(kernels::MapKernel kernel, ScalarType type, ScalarType out_type, Operands operands,
                 const MapParams& params, const Tensor& out) {
  const Tensor* shape = largest(operands, type);
  if (shape == nullptr) return {};
  const IntArrayRef sizes = shape->sizes();
  if (out.defined() &&
      (!out.is_contiguous() || out.scalar_type() != out_type || out.sizes() != sizes)) {
    return {};
  }
  const std::int64_t n = shape->numel();
  Copies copies;
  const void* in[kMaxInputs];
  std::size_t i = 0;
  for (const Operand& operand : operands) {
    if (!operand.is_tensor()) {
      dispatch(type,
               [&](auto zero) { repeat<decltype(zero)>(operand.scalar(), n, copies.data[i]); });
      in[i] = copies.data[i];
    } else if (const Tensor& x = operand.tensor(); x.sizes() == sizes) {
      if (out.defined() && overlaps(out, x)) return {};
      in[i] = x.data_ptr();
    } else {
      if (!broadcasts_to(x.sizes(), sizes)) return {};
      dispatch(type, [&](auto zero) { broadcast<decltype(zero)>(x, sizes, n, copies.data[i]); });
      in[i] = copies.data[i];
    }
    ++i;
  }
  const Tensor result = out.defined() ? out : make_tensor(sizes, out_type);
  kernel(n, result.data_ptr(), in, params.data());
  return result;
}

}  // namespace xgrad
