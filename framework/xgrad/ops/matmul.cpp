#include "xgrad/ops/matmul.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/einsum.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/in_place.h"

namespace xgrad {

using namespace autograd;

namespace {

void check_dims(const char* op, const char* name, const Tensor& x, std::int64_t dims) {
  check(x.dim() == dims, "{}: {} has shape {}, expected {} dims", op, name, x.sizes(), dims);
}
void check_product(const char* op, const Tensor& a, const Tensor& b, std::int64_t left,
                   std::int64_t right) {
  check(left == right, "{}: shapes {} and {} cannot be multiplied, {} is not {}", op, a.sizes(),
        b.sizes(), left, right);
  check(a.scalar_type() == b.scalar_type(), "{}: got {} and {}, expected the same dtype", op,
        dtype_name(a.scalar_type()), dtype_name(b.scalar_type()));
  check(a.scalar_type() != kBool, "{}: not defined for bool, expected numbers", op);
}

void check_addend(const char* op, const Tensor& c, const Tensor& a) {
  check(c.scalar_type() == a.scalar_type(), "{}: got {} to add to {}, expected the same dtype", op,
        dtype_name(a.scalar_type()), dtype_name(c.scalar_type()));
}

// beta c + alpha times the product. As in BLAS, with alpha = 0 NaN and infinity in a and b are not
// seen.
Tensor add_product(const Tensor& c, const char* equation, const Tensor& a, const Tensor& b,
                   const Scalar& beta, const Scalar& alpha, const char* node) {
  const double scale = alpha.toDouble();
  if (scale != 0) return einsum_add(c, equation, {a, b}, beta.toDouble(), scale, node);
  const auto blank = [](const Tensor& x) { return x.masked_fill(ones(x.sizes(), kBool), 0); };
  return einsum_add(c, equation, {blank(a), blank(b)}, beta.toDouble(), scale, node);
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  check(a.dim() > 0 && b.dim() > 0, "matmul: both operands need at least 1 dim, got {} and {}",
        a.sizes(), b.sizes());
  check_product("matmul", a, b, a.size(-1), b.dim() == 1 ? b.size(0) : b.size(-2));
  if (a.dim() == 1) return b.dim() == 1 ? dot(a, b) : einsum("i,...ij->...j", {a, b});
  if (a.dim() == 2 && b.dim() == 2) return mm(a, b);
  if (a.dim() == 2 && b.dim() == 1) return mv(a, b);
  return einsum(b.dim() == 1 ? "...ij,j->...i" : "...ij,...jk->...ik", {a, b});
}

Tensor mm(const Tensor& a, const Tensor& b) {
  check_dims("mm", "the first operand", a, 2);
  check_dims("mm", "the second operand", b, 2);
  check_product("mm", a, b, a.size(1), b.size(0));
  return einsum_named("MmBackward0", "ij,jk->ik", {a, b});
}

Tensor bmm(const Tensor& a, const Tensor& b) {
  check_dims("bmm", "the first operand", a, 3);
  check_dims("bmm", "the second operand", b, 3);
  check(a.size(0) == b.size(0), "bmm: batches of {} and {} differ in {} and {}", a.size(0),
        b.size(0), a.sizes(), b.sizes());
  check_product("bmm", a, b, a.size(2), b.size(1));
  return einsum_named("BmmBackward0", "bij,bjk->bik", {a, b});
}

Tensor mv(const Tensor& a, const Tensor& x) {
  check_dims("mv", "the matrix", a, 2);
  check_dims("mv", "the vector", x, 1);
  check_product("mv", a, x, a.size(1), x.size(0));
  return einsum_named("MvBackward0", "ij,j->i", {a, x});
}

Tensor dot(const Tensor& x, const Tensor& y) {
  check_dims("dot", "the first operand", x, 1);
  check_dims("dot", "the second operand", y, 1);
  check_product("dot", x, y, x.size(0), y.size(0));
  return einsum_named("DotBackward0", "i,i->", {x, y});
}
Tensor vdot(const Tensor& x, const Tensor& y) { return dot(x, y); }

Tensor inner(const Tensor& a, const Tensor& b) {
  if (a.dim() == 0 || b.dim() == 0) return a * b;
  check_product("inner", a, b, a.size(-1), b.size(-1));
  return tensordot(a, b, {-1}, {-1});
}

Tensor outer(const Tensor& x, const Tensor& y) {
  check_dims("outer", "the first operand", x, 1);
  check_dims("outer", "the second operand", y, 1);
  return einsum("i,j->ij", {x, y});
}
Tensor ger(const Tensor& x, const Tensor& y) { return outer(x, y); }

Tensor addmm(const Tensor& c, const Tensor& a, const Tensor& b, const Scalar& beta,
             const Scalar& alpha) {
  check_dims("addmm", "the first matrix", a, 2);
  check_dims("addmm", "the second matrix", b, 2);
  check_product("addmm", a, b, a.size(1), b.size(0));
  check_addend("addmm", c, a);
  return add_product(c, "ij,jk->ik", a, b, beta, alpha, "AddmmBackward0");
}
Tensor addmv(const Tensor& c, const Tensor& a, const Tensor& x, const Scalar& beta,
             const Scalar& alpha) {
  check_dims("addmv", "the matrix", a, 2);
  check_dims("addmv", "the vector", x, 1);
  check_product("addmv", a, x, a.size(1), x.size(0));
  return add_product(c, "ij,j->i", a, x, beta, alpha, "AddmvBackward0");
}
Tensor addr(const Tensor& c, const Tensor& x, const Tensor& y, const Scalar& beta,
            const Scalar& alpha) {
  check_dims("addr", "the first vector", x, 1);
  check_dims("addr", "the second vector", y, 1);
  return einsum_add(c, "i,j->ij", {x, y}, beta.toDouble(), alpha.toDouble(), "AddrBackward0");
}
Tensor baddbmm(const Tensor& c, const Tensor& a, const Tensor& b, const Scalar& beta,
               const Scalar& alpha) {
  check_dims("baddbmm", "the first batch", a, 3);
  check_dims("baddbmm", "the second batch", b, 3);
  check_product("baddbmm", a, b, a.size(2), b.size(1));
  return einsum_add(c, "bij,bjk->bik", {a, b}, beta.toDouble(), alpha.toDouble(),
                    "BaddbmmBackward0");
}
Tensor addbmm(const Tensor& c, const Tensor& a, const Tensor& b, const Scalar& beta,
              const Scalar& alpha) {
  check_dims("addbmm", "the first batch", a, 3);
  check_dims("addbmm", "the second batch", b, 3);
  check_product("addbmm", a, b, a.size(2), b.size(1));
  check_addend("addbmm", c, a);
  return add_product(c, "bij,bjk->ik", a, b, beta, alpha, "AddbmmBackward0");
}

Tensor tensordot(const Tensor& a, const Tensor& b, std::int64_t dims) {
  check(dims >= 0 && dims <= a.dim() && dims <= b.dim(),
        "tensordot: cannot sum over {} dims of {} and {}", dims, a.sizes(), b.sizes());
  Dims dims_a, dims_b;
  for (std::int64_t i = 0; i < dims; ++i) {
    dims_a.push_back(a.dim() - dims + i);
    dims_b.push_back(i);
  }
  return tensordot(a, b, dims_a, dims_b);
}
Tensor tensordot(const Tensor& x, const Tensor& y, IntArrayRef dims_a, IntArrayRef dims_b) {
  Tensor a = x, b = y;
  check(a.scalar_type() != kBool || b.scalar_type() != kBool,
        "tensordot: not defined for bool, expected numbers");
  check(dims_a.size() == dims_b.size(), "tensordot: got {} and {} dims, expected as many",
        dims_a.size(), dims_b.size());
  check(dims_a.empty() || (a.dim() > 0 && b.dim() > 0),
        "tensordot: cannot sum over dims of {} and {}, expected at least 1 dim in both",
        a.sizes().vec(), b.sizes().vec());
  std::vector<int> labels_a, labels_b, output;
  int next = 0;
  for (std::int64_t i = 0; i < a.dim(); ++i) labels_a.push_back(next++);
  for (std::int64_t i = 0; i < b.dim(); ++i) labels_b.push_back(next++);
  std::vector<bool> summed(static_cast<std::size_t>(next), false);
  for (std::size_t i = 0; i < dims_a.size(); ++i) {
    const auto da = static_cast<std::size_t>(wrap_dim("tensordot", dims_a[i], a.dim()));
    const auto db = static_cast<std::size_t>(wrap_dim("tensordot", dims_b[i], b.dim()));
    // A dim of size 1 stands for all: the other is summed.
    if (a.sizes()[da] == 1 && b.sizes()[db] != 1) b = b.sum(static_cast<std::int64_t>(db), true);
    if (b.sizes()[db] == 1 && a.sizes()[da] != 1) a = a.sum(static_cast<std::int64_t>(da), true);
    check(a.sizes()[da] == b.sizes()[db], "tensordot: dim {} of {} and dim {} of {} differ", da,
          a.sizes(), db, b.sizes());
    summed[static_cast<std::size_t>(labels_a[da])] = true;
    labels_b[db] = labels_a[da];
  }
  for (const std::vector<int>* labels : {&labels_a, &labels_b}) {
    for (const int label : *labels) {
      if (!summed[static_cast<std::size_t>(label)]) output.push_back(label);
    }
  }
  return einsum(a, Sublist(labels_a), b, Sublist(labels_b), Sublist(output));
}

Tensor chain_matmul(TensorList matrices) {
  check(matrices.size() > 0, "chain_matmul: got no matrices, expected at least one");
  std::vector<Sublist> sublists;
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    check_dims("chain_matmul", "a matrix", matrices[i], 2);
    check(matrices[i].scalar_type() != kBool,
          "chain_matmul: not defined for bool, expected numbers");
    sublists.push_back(Sublist(std::vector<int>{static_cast<int>(i), static_cast<int>(i + 1)}));
  }
  return einsum(matrices, sublists,
                Sublist(std::vector<int>{0, static_cast<int>(matrices.size())}));
}

Tensor trace(const Tensor& x) {
  check_dims("trace", "the tensor", x, 2);
  check(x.scalar_type() != kBool, "trace: not defined for bool, expected numbers");
  return x.diagonal().sum();
}

Tensor kron(const Tensor& a, const Tensor& b) {
  const std::int64_t rank = std::max(a.dim(), b.dim());
  Dims shape_a, shape_b, result;
  for (std::int64_t i = 0; i < rank; ++i) {
    const std::int64_t na = i < rank - a.dim() ? 1 : a.size(i - (rank - a.dim()));
    const std::int64_t nb = i < rank - b.dim() ? 1 : b.size(i - (rank - b.dim()));
    shape_a.push_back(na);
    shape_a.push_back(1);
    shape_b.push_back(1);
    shape_b.push_back(nb);
    result.push_back(na * nb);
  }
  return (a.reshape(shape_a) * b.reshape(shape_b)).reshape(result);
}

Tensor cross(const Tensor& a, const Tensor& b, optional<std::int64_t> dim) {
  std::int64_t d = dim.value_or(-1);
  if (!dim) {
    for (std::int64_t i = 0; i < a.dim() && d == -1; ++i) {
      if (a.size(i) == 3) d = i;
    }
  }
  d = wrap_dim("cross", d, a.dim());
  check(a.dim() == b.dim() && a.size(d) == 3 && b.size(d) == 3,
        "cross: expected as many dims and size 3 in dim {}, got {} and {}", d, a.sizes(),
        b.sizes());
  check(a.scalar_type() == b.scalar_type(), "cross: got {} and {}, expected the same dtype",
        dtype_name(a.scalar_type()), dtype_name(b.scalar_type()));
  return a.roll({-1}, {d}) * b.roll({-2}, {d}) - a.roll({-2}, {d}) * b.roll({-1}, {d});
}

Tensor matrix_power(const Tensor& x, std::int64_t n) {
  check(x.dim() >= 2 && x.size(-1) == x.size(-2), "matrix_power: expected square matrices, got {}",
        x.sizes());
  if (n < 0) return n == -1 ? x.inverse() : matrix_power(x.inverse(), -n);
  if (n == 0) {
    Tensor one = eye(x.size(-1), x.scalar_type()).expand(x.sizes()).clone(MemoryFormat::Contiguous);
    if (recording(x)) {
      record("CopyBackwards", one, {x},
             [](const Tensor& dy, Gradients& dx) { dx[0] = zeros_like(dy); });
    }
    return one;
  }
  if (n == 1) return x.clone();
  Tensor result, square = x;
  for (; n != 0; n >>= 1) {
    if (n & 1) result = result.defined() ? matmul(result, square) : square;
    if (n > 1) square = matmul(square, square);
  }
  return result;
}

Tensor linear(const Tensor& x, const Tensor& weight, OptionalTensorRef bias) {
  check(weight.dim() == 2 || weight.dim() == 1, "linear: weight has shape {}, expected [out, in]",
        weight.sizes());
  check(x.dim() > 0 && x.size(-1) == weight.size(-1),
        "linear: input has shape {}, expected its last dim to be {} (weight {})", x.sizes(),
        weight.size(-1), weight.sizes());
  check(x.scalar_type() == weight.scalar_type(), "linear: input is {}, but weight is {}",
        dtype_name(x.scalar_type()), dtype_name(weight.scalar_type()));
  if (x.dim() == 2 && bias) check_addend("linear", *bias, x);
  check(x.scalar_type() != kBool, "linear: not defined for bool, expected numbers");
  const char* equation = weight.dim() == 1 ? "...i,i->..." : "...i,oi->...o";
  const bool matrices = x.dim() == 2 && weight.dim() == 2;
  if (!bias) {
    return einsum_named(matrices ? "MmBackward0" : "EinsumBackward0", equation, {x, weight});
  }
  return einsum_add(*bias, equation, {x, weight}, 1, 1,
                    matrices ? "AddmmBackward0" : "EinsumAddBackward0");
}

Tensor bilinear(const Tensor& l, const Tensor& r, const Tensor& weight, OptionalTensorRef bias) {
  check_dims("bilinear", "weight", weight, 3);
  check(l.dim() == r.dim() && l.dim() > 0,
        "bilinear: inputs have shapes {} and {}, expected as many dims", l.sizes(), r.sizes());
  check(l.size(-1) == weight.size(1) && r.size(-1) == weight.size(2),
        "bilinear: inputs have shapes {} and {}, expected last dims {} and {} (weight {})",
        l.sizes(), r.sizes(), weight.size(1), weight.size(2), weight.sizes());
  const char* equation = l.dim() == 2 ? "bn,anm,bm->ba" : "...n,anm,...m->...a";
  const Tensor y = einsum(equation, {l, weight, r});
  return bias ? y + *bias : y;
}

// clang-format off
Tensor Tensor::matmul(const Tensor& other) const { return xgrad::matmul(*this, other); }
Tensor Tensor::mm(const Tensor& other) const { return xgrad::mm(*this, other); }
Tensor Tensor::bmm(const Tensor& other) const { return xgrad::bmm(*this, other); }
Tensor Tensor::mv(const Tensor& other) const { return xgrad::mv(*this, other); }
Tensor Tensor::dot(const Tensor& other) const { return xgrad::dot(*this, other); }
Tensor Tensor::inner(const Tensor& other) const { return xgrad::inner(*this, other); }
Tensor Tensor::outer(const Tensor& other) const { return xgrad::outer(*this, other); }
Tensor Tensor::addmm(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const { return xgrad::addmm(*this, a, b, beta, alpha); }
Tensor Tensor::addmv(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const { return xgrad::addmv(*this, a, b, beta, alpha); }
Tensor Tensor::addr(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const { return xgrad::addr(*this, a, b, beta, alpha); }
Tensor Tensor::baddbmm(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const { return xgrad::baddbmm(*this, a, b, beta, alpha); }
Tensor& Tensor::addmm_(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const {
  return apply_in_place("addmm_", *this, [&](const Tensor& x) { return xgrad::addmm(x, a, b, beta, alpha); });
}
Tensor Tensor::trace() const { return xgrad::trace(*this); }
Tensor Tensor::cross(const Tensor& other, OptDim dim) const { return xgrad::cross(*this, other, dim); }
Tensor Tensor::kron(const Tensor& other) const { return xgrad::kron(*this, other); }
Tensor Tensor::matrix_power(std::int64_t n) const { return xgrad::matrix_power(*this, n); }
// clang-format on

}  // namespace xgrad
