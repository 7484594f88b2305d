// The elementwise functions that have a SIMD kernel, by name. What each computes stands in
// functions.arch.h; to add one, name it here and define it there. `inputs` says how many tensors it
// takes, `types` on which dtypes it exists, and `result` what it gives.
#pragma once

#include <type_traits>

#include "xgrad/core/scalar_type.h"

namespace xgrad::kernels {

// numeric: all but bool; integral: with bool.
enum class Types { floating, integral, numeric, all };
enum class Result { same, boolean };

constexpr bool exists_for(Types types, ScalarType type) {
  switch (types) {
    case Types::floating:
      return isFloatingType(type);
    case Types::integral:
      return isIntegralType(type, true);
    case Types::numeric:
      return type != kBool;
    case Types::all:
      return true;
  }
  return false;
}

template <int kInputs, Types kTypes = Types::floating, Result kResult = Result::same>
struct Function {
  static constexpr int inputs = kInputs;
  static constexpr Types types = kTypes;
  static constexpr Result result = kResult;
};

using FloatUnary = Function<1>;
using FloatBinary = Function<2>;
using NumericUnary = Function<1, Types::numeric>;
using NumericBinary = Function<2, Types::numeric>;
using IntegralBinary = Function<2, Types::integral>;
using Comparison = Function<2, Types::all, Result::boolean>;

// clang-format off
struct Exp : FloatUnary {};        struct Exp2 : FloatUnary {};        struct Expm1 : FloatUnary {};
struct Log : FloatUnary {};        struct Log2 : FloatUnary {};        struct Log10 : FloatUnary {};
struct Log1p : FloatUnary {};      struct Sqrt : FloatUnary {};        struct Rsqrt : FloatUnary {};
struct Reciprocal : FloatUnary {}; struct Sin : FloatUnary {};         struct Cos : FloatUnary {};
struct Tan : FloatUnary {};        struct Asin : FloatUnary {};        struct Acos : FloatUnary {};
struct Atan : FloatUnary {};       struct Sinh : FloatUnary {};        struct Cosh : FloatUnary {};
struct Tanh : FloatUnary {};       struct Asinh : FloatUnary {};       struct Acosh : FloatUnary {};
struct Atanh : FloatUnary {};      struct Sigmoid : FloatUnary {};     struct LogSigmoid : FloatUnary {};
struct Erf : FloatUnary {};        struct Erfc : FloatUnary {};        struct Erfinv : FloatUnary {};
struct Lgamma : FloatUnary {};     struct Digamma : FloatUnary {};     struct Trigamma : FloatUnary {};
struct Gelu : FloatUnary {};       struct GeluTanh : FloatUnary {};    struct Silu : FloatUnary {};
struct Softplus : FloatUnary {};   struct Elu : FloatUnary {};         struct Frac : FloatUnary {};
struct Floor : NumericUnary {};    struct Ceil : NumericUnary {};      struct Round : NumericUnary {};
struct Trunc : NumericUnary {};    struct Neg : NumericUnary {};       struct Abs : NumericUnary {};
struct Sign : NumericUnary {};     struct Relu : NumericUnary {};      struct LeakyRelu : FloatUnary {};
struct Clamp : NumericUnary {};    struct Square : NumericUnary {};    struct PowScalar : FloatUnary {};
struct Mish : FloatUnary {};       struct Hardsigmoid : FloatUnary {}; struct Hardswish : FloatUnary {};
struct Softshrink : FloatUnary {}; struct Hardshrink : FloatUnary {};  struct Polygamma : FloatUnary {};
struct Threshold : NumericUnary {}; struct Ndtri : FloatUnary {};
struct BitNot : Function<1, Types::integral> {};
struct IsNan : Function<1, Types::all, Result::boolean> {};
struct IsInf : Function<1, Types::all, Result::boolean> {};
struct IsFinite : Function<1, Types::all, Result::boolean> {};
struct LogicalNot : Function<1, Types::all, Result::boolean> {};

struct Add : Function<2, Types::all> {};  // a + params[0] * b; on bool: or
struct Mul : Function<2, Types::all> {};  // on bool: and
struct Div : FloatBinary {};       struct FloorDiv : NumericBinary {}; struct TruncDiv : NumericBinary {};
struct Remainder : NumericBinary {}; struct Fmod : NumericBinary {};   struct Pow : NumericBinary {};
struct Atan2 : FloatBinary {};     struct Hypot : FloatBinary {};      struct Xlogy : FloatBinary {};
struct Logaddexp : FloatBinary {}; struct Fmax : NumericBinary {};     struct Fmin : NumericBinary {};
struct Maximum : Function<2, Types::all> {};
struct Minimum : Function<2, Types::all> {};
struct BitAnd : IntegralBinary {}; struct BitOr : IntegralBinary {};   struct BitXor : IntegralBinary {};
struct Equal : Comparison {};      struct NotEqual : Comparison {};    struct Less : Comparison {};
struct LessEqual : Comparison {};  struct Greater : Comparison {};     struct GreaterEqual : Comparison {};

// Gradients that training runs at every step, in one pass: (dy, y) or (dy, x).
struct TanhBackward : FloatBinary {};     struct SigmoidBackward : FloatBinary {}; struct ReluBackward : FloatBinary {};
struct GeluBackward : FloatBinary {};     struct SiluBackward : FloatBinary {};    struct LeakyReluBackward : FloatBinary {};
struct EluBackward : FloatBinary {};      struct SoftplusBackward : FloatBinary {};struct ClampBackward : FloatBinary {};
struct MishBackward : FloatBinary {};     struct GeluTanhBackward : FloatBinary {};struct HardtanhBackward : FloatBinary {};
struct HardswishBackward : FloatBinary {};struct ShrinkBackward : FloatBinary {};  struct ThresholdBackward : FloatBinary {};
struct LogSigmoidBackward : FloatBinary {};
struct Prelu : FloatBinary {};            // a > 0 ? a : a * b

struct Addcmul : Function<3, Types::numeric> {};  // a + params[0] * b * c
struct Addcdiv : Function<3> {};                  // a + params[0] * b / c
struct Lerp : Function<3> {};                     // a + c * (b - a)
struct Where : Function<3, Types::all> {};        // a != 0 ? b : c
// clang-format on

template <class... Fs>
struct FunctionList {
  static constexpr int size = sizeof...(Fs);
  template <class F>
  static constexpr int index_of() {
    int index = 0;
    const bool found = ((std::is_same_v<F, Fs> || (++index, false)) || ...);
    return found ? index : -1;
  }
};

using Functions = FunctionList<
    Exp, Exp2, Expm1, Log, Log2, Log10, Log1p, Sqrt, Rsqrt, Reciprocal, Sin, Cos, Tan, Asin, Acos,
    Atan, Sinh, Cosh, Tanh, Asinh, Acosh, Atanh, Sigmoid, LogSigmoid, Erf, Erfc, Erfinv, Lgamma,
    Digamma, Trigamma, Gelu, GeluTanh, Silu, Softplus, Elu, Frac, Floor, Ceil, Round, Trunc, Neg,
    Abs, Sign, Relu, LeakyRelu, Clamp, Square, PowScalar, Mish, Hardsigmoid, Hardswish, Softshrink,
    Hardshrink, Polygamma, Threshold, BitNot, IsNan, IsInf, IsFinite, LogicalNot, Add, Mul, Div,
    FloorDiv, TruncDiv, Remainder, Fmod, Pow, Atan2, Hypot, Xlogy, Logaddexp, Fmax, Fmin, Maximum,
    Minimum, BitAnd, BitOr, BitXor, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,
    TanhBackward, SigmoidBackward, ReluBackward, GeluBackward, SiluBackward, LeakyReluBackward,
    EluBackward, SoftplusBackward, ClampBackward, MishBackward, GeluTanhBackward, HardtanhBackward,
    HardswishBackward, ShrinkBackward, ThresholdBackward, LogSigmoidBackward, Prelu, Addcmul,
    Addcdiv, Lerp, Where, Ndtri>;

}  // namespace xgrad::kernels
