#include "xgrad/ops/out.h"

#include "xgrad/autograd/in_place.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/properties.h"
#include "xgrad/ops/shape.h"

namespace xgrad {
namespace {

void check_not_recorded(const char* op, bool recorded) {
  check(!recorded, "{}: out= cannot be differentiated, expected tensors that do not require grad",
        op);
}

template <class F>
Tensor& write(const char* op, Tensor& out, TensorList inputs, const F& f) {
  check(out.defined(), "{}: out is undefined, expected a tensor to write to", op);
  check_not_recorded(op, autograd::recording(inputs, out));
  return detail::write_out(op, out, f(), inputs);
}

}  // namespace

Tensor& detail::write_out(const char* op, Tensor& out, const Tensor& result, TensorList inputs) {
  check(out.defined(), "{}: out is undefined, expected a tensor to write to", op);
  check_not_recorded(op, autograd::recording(result, out));
  check(can_cast(result.scalar_type(), out.scalar_type()),
        "{}: out is {}, expected to hold a result of {}", op, dtype_name(out.scalar_type()),
        dtype_name(result.scalar_type()));
  for (const Tensor& input : inputs) autograd::check_no_partial_overlap(op, out, input);
  if (out.sizes() != result.sizes()) out.resize_(result.sizes());
  out.copy_(result);
  return out;
}

Tensor& add_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return write("add_out", out, {a, b}, [&] { return add(a, b, alpha); });
}
Tensor& sub_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return write("sub_out", out, {a, b}, [&] { return sub(a, b, alpha); });
}
Tensor& mul_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return write("mul_out", out, {a, b}, [&] { return mul(a, b); });
}
Tensor& div_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return write("div_out", out, {a, b}, [&] { return div(a, b); });
}
Tensor& matmul_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return write("matmul_out", out, {a, b}, [&] { return matmul(a, b); });
}
Tensor& mm_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return write("mm_out", out, {a, b}, [&] { return mm(a, b); });
}
Tensor& bmm_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return write("bmm_out", out, {a, b}, [&] { return bmm(a, b); });
}
Tensor& cat_out(Tensor& out, TensorList tensors, std::int64_t dim) {
  return write("cat_out", out, tensors, [&] { return cat(tensors, dim); });
}
Tensor& stack_out(Tensor& out, TensorList tensors, std::int64_t dim) {
  return write("stack_out", out, tensors, [&] { return stack(tensors, dim); });
}

}  // namespace xgrad
