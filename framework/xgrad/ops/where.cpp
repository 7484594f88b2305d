#include "xgrad/ops/where.h"

#include <limits>
#include <numbers>

#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/unary.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr std::int64_t kGrain = 32 * 1024;

Tensor as_condition(const Tensor& condition) {
  if (condition.scalar_type() == kBool) return condition;
  check(condition.scalar_type() == kByte, "where: the condition is {}, expected bool",
        dtype_name(condition.scalar_type()));
  return convert(condition, kBool);
}

// A number as a 0-d tensor, so that all operands are tensors.
Tensor number(const Scalar& value, ScalarType type) {
  Tensor result = make_tensor({}, type);
  dispatch(type, [&](auto zero) {
    using T = decltype(zero);
    *static_cast<T*>(result.data_ptr()) = value.to<T>();
  });
  return result;
}
Tensor in_type(const Operand& operand, ScalarType type) {
  if (!operand.is_tensor()) return number(operand.scalar(), type);
  return operand.tensor().scalar_type() == type ? operand.tensor()
                                                : convert(operand.tensor(), type);
}

// 1 for what runs along with the condition, 0 for one number, -1 for anything else.
int step_beside(const Tensor& condition, const Tensor& operand) {
  if (operand.numel() == 1 && operand.dim() <= condition.dim()) return 0;
  return operand.is_contiguous() && operand.sizes() == condition.sizes() ? 1 : -1;
}

// A contiguous condition beside contiguous operands or numbers is one loop over bytes; the rest
// takes map(), for which the condition has to become numbers of the operands' type.
Tensor select(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const int step_a = step_beside(condition, a), step_b = step_beside(condition, b);
  if (!condition.is_contiguous() || step_a < 0 || step_b < 0) {
    return map<kernels::Where>("where", a.scalar_type(), {condition, a, b});
  }
  Tensor result = make_tensor(condition.sizes(), a.scalar_type());
  dispatch(a.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const auto* mask = static_cast<const bool*>(condition.data_ptr());
    const auto *in_a = static_cast<const T*>(a.data_ptr()),
               *in_b = static_cast<const T*>(b.data_ptr());
    auto* out = static_cast<T*>(result.data_ptr());
    const auto loop = [&](auto next_a, auto next_b) {
      parallel_for(0, result.numel(), kGrain, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
          const T yes = in_a[next_a * i], no = in_b[next_b * i];
          out[i] = mask[i] ? yes : no;
        }
      });
    };
    const std::integral_constant<int, 0> stay;
    const std::integral_constant<int, 1> move;
    if (step_a == 1) {
      step_b == 1 ? loop(move, move) : loop(move, stay);
    } else {
      step_b == 1 ? loop(stay, move) : loop(stay, stay);
    }
  });
  return result;
}

const Tensor& tensor_or_none(const Operand& operand) {
  static const Tensor none;
  return operand.is_tensor() ? operand.tensor() : none;
}

Tensor where_any(const Tensor& condition, const Operand& a, const Operand& b) {
  const Tensor mask = as_condition(condition);
  const ScalarType type = result_type({a, b});
  Tensor result = select(mask, in_type(a, type), in_type(b, type));
  const Tensor &kept_a = tensor_or_none(a), &kept_b = tensor_or_none(b);
  if (recording(kept_a, kept_b)) {
    record("WhereBackward0", result, {kept_a, kept_b},
           [mask = Saved(mask)](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = where(mask(), dy, 0);
             if (dx.needs(1)) dx[1] = where(mask(), 0, dy);
           });
  }
  return result;
}

}  // namespace

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  return where_any(condition, a, b);
}
Tensor where(const Tensor& condition, const Scalar& a, const Tensor& b) {
  return where_any(condition, a, b);
}
Tensor where(const Tensor& condition, const Tensor& a, const Scalar& b) {
  return where_any(condition, a, b);
}
Tensor where(const Tensor& condition, const Scalar& a, const Scalar& b) {
  return where_any(condition, a, b);
}
std::vector<Tensor> where(const Tensor& condition) {
  return (condition.dim() == 0 ? condition.unsqueeze(0) : condition).nonzero().unbind(1);
}
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const {
  return xgrad::where(condition, *this, other);
}

Tensor nan_to_num(const Tensor& x, optional<double> nan, optional<double> posinf,
                  optional<double> neginf) {
  if (!x.is_floating_point()) return x.clone();
  const double largest = x.scalar_type() == kDouble
                             ? std::numeric_limits<double>::max()
                             : static_cast<double>(std::numeric_limits<float>::max());
  const Tensor data = x.detach();
  Tensor result = where(isnan(data), nan.value_or(0), data);
  result = where(isposinf(data), posinf.value_or(largest), result);
  result = where(isneginf(data), neginf.value_or(-largest), result);
  if (recording(x)) {
    record("NanToNumBackward0", result, {x},
           [x = Saved(x)](const Tensor& dy, Gradients& dx) { dx[0] = dy * isfinite(x()); });
  }
  return result;
}
Tensor Tensor::nan_to_num(optional<double> nan, optional<double> posinf,
                          optional<double> neginf) const {
  return xgrad::nan_to_num(*this, nan, posinf, neginf);
}
Tensor& Tensor::nan_to_num_(optional<double> nan, optional<double> posinf,
                            optional<double> neginf) const {
  return xgrad::nan_to_num_(*this, nan, posinf, neginf);
}
Tensor& nan_to_num_(const Tensor& x, optional<double> nan, optional<double> posinf,
                    optional<double> neginf) {
  return apply_in_place("nan_to_num_", x, [&](const Tensor& before) {
    return nan_to_num(before, nan, posinf, neginf);
  });
}

Tensor atan2(const Tensor& a, const Tensor& b) {
  Tensor result = map<kernels::Atan2>("atan2", floating_result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("Atan2Backward0", result, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor u = a(), v = b();
             const Tensor inverse = (u.square() + v.square()).reciprocal();
             if (dx.needs(0)) dx[0] = dy * v * inverse;
             if (dx.needs(1)) dx[1] = dy * -u * inverse;
           });
  }
  return result;
}
Tensor arctan2(const Tensor& a, const Tensor& b) { return atan2(a, b); }
Tensor Tensor::atan2(const Tensor& other) const { return xgrad::atan2(*this, other); }

Tensor hypot(const Tensor& a, const Tensor& b) {
  Tensor result = map<kernels::Hypot>("hypot", result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("HypotBackward0", result, {a, b},
           [a = Saved(a), b = Saved(b), y = saved_output(result)](const Tensor& dy, Gradients& dx) {
             const Tensor length = y();
             if (dx.needs(0)) dx[0] = dy * (a() / length);
             if (dx.needs(1)) dx[1] = dy * (b() / length);
           });
  }
  return result;
}
Tensor Tensor::hypot(const Tensor& other) const { return xgrad::hypot(*this, other); }

// By a: log b, but 0 where the function is held at 0; by b: a / b.
Tensor xlogy(const Tensor& a, const Tensor& b) {
  Tensor result = map<kernels::Xlogy>("xlogy", floating_result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("XlogyBackward0", result, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor u = a(), v = b();
             if (dx.needs(0)) dx[0] = where((u == 0) & (v <= 0), 0, xlogy(dy, v));
             if (dx.needs(1)) dx[1] = dy * u / v;
           });
  }
  return result;
}
Tensor xlogy(const Tensor& a, const Scalar& b) {
  return xlogy(a, number(b, floating_result_type({a, b})));
}
Tensor xlogy(const Scalar& a, const Tensor& b) {
  return xlogy(number(a, floating_result_type({a, b})), b);
}
Tensor Tensor::xlogy(const Tensor& other) const { return xgrad::xlogy(*this, other); }

Tensor logaddexp(const Tensor& a, const Tensor& b) {
  Tensor result = map<kernels::Logaddexp>("logaddexp", result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("LogaddexpBackward0", result, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor difference = b() - a();
             if (dx.needs(0)) dx[0] = dy / (difference.exp() + 1);
             if (dx.needs(1)) dx[1] = dy / ((-difference).exp() + 1);
           });
  }
  return result;
}
Tensor logaddexp2(const Tensor& a, const Tensor& b) {
  // In the result's type from the start: a float32 operand times ln 2 would lose a double's digits.
  const ScalarType type = result_type({a, b});
  const Tensor u = a.to(type) * std::numbers::ln2, v = b.to(type) * std::numbers::ln2;
  return logaddexp(u, v) / std::numbers::ln2;
}
Tensor Tensor::logaddexp(const Tensor& other) const { return xgrad::logaddexp(*this, other); }

}  // namespace xgrad
