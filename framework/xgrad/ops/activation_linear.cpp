// The piecewise linear activations.
#include "xgrad/core/generator.h"
#include "xgrad/ops/activation.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/slope.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

constexpr auto relu_slope = [](const Tensor& dy, const Tensor& y) {
  return slope<kernels::ReluBackward>("ReluBackwardBackward0", dy, y, {}, straight);
};
Tensor relu(const Tensor& self) {
  Tensor result = map<kernels::Relu>("relu", self.scalar_type(), {self});
  if (recording(self)) {
    record("ReluBackward0", result, {self},
           [y = saved_output(result)](const Tensor& dy, Gradients& dx) {
             dx[0] = relu_slope(dy, y());
           });
  }
  return result;
}
Tensor Tensor::relu() const { return xgrad::relu(*this); }
Tensor& Tensor::relu_() const {
  return of_output_in_place<kernels::Relu>("relu_", "ReluBackward0", *this, relu_slope);
}
Tensor& relu_(const Tensor& self) { return self.relu_(); }

namespace {

// By the input, or by the output where the slope keeps its sign.
auto leaky_relu_slope(const MapParams& params) {
  return [params](const Tensor& dy, const Tensor& v) {
    return slope<kernels::LeakyReluBackward>("LeakyReluBackwardBackward0", dy, v, params, straight);
  };
}

}  // namespace

Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope) {
  const MapParams params{negative_slope.toDouble()};
  return activation<kernels::LeakyRelu>("leaky_relu", "LeakyReluBackward0", self, params,
                                        leaky_relu_slope(params));
}
Tensor& leaky_relu_(const Tensor& self, const Scalar& negative_slope) {
  const MapParams params{negative_slope.toDouble()};
  if (params[0] >= 0) {
    return of_output_in_place<kernels::LeakyRelu>("leaky_relu_", "LeakyReluBackward0", self,
                                                  leaky_relu_slope(params), params);
  }
  return in_place<kernels::LeakyRelu>(
      "leaky_relu_", self, [&](const Tensor& x) { return leaky_relu(x, negative_slope); }, params);
}

Tensor prelu(const Tensor& self, const Tensor& weight) {
  const std::int64_t channels = self.dim() > 1 ? self.size(1) : 1;
  check(weight.dim() <= 1, "prelu: the weight has shape {}, expected one dim", weight.sizes());
  check(weight.numel() == 1 || weight.numel() == channels,
        "prelu: the weight has {} slopes, expected 1 or one for each of {} channels of {}",
        weight.numel(), channels, self.sizes());
  Tensor slopes = weight;
  if (weight.dim() == 1 && self.dim() != 1) {  // as [C, 1, ...], or as 0-d where there is one slope
    Dims shape;
    if (weight.numel() == channels && self.dim() > 1) {
      shape = Dims(static_cast<std::size_t>(self.dim() - 1), 1);
      shape[0] = channels;
    }
    slopes = weight.reshape(shape);
  }
  // Row-major, or channels-last if the input is: no other order is kept.
  const Tensor in = self.detach();
  Tensor result = map<kernels::Prelu>("prelu", result_type({self, weight}),
                                      {is_like_channels_last(in) ? in : row_major(in), slopes});
  if (recording(self, slopes)) {
    record("PreluBackward0", result, {self, slopes},
           [x = Saved(self), w = Saved(slopes)](const Tensor& dy, Gradients& dx) {
             const Tensor positive = x() > 0;
             if (dx.needs(0)) dx[0] = where(positive, dy, dy * w());
             if (dx.needs(1)) dx[1] = where(positive, 0, dy * x());
           });
  }
  return result;
}

namespace {

// The slope of each element: random for x <= 0, drawn in row-major order, and 1 elsewhere.
Tensor random_slopes(const Tensor& self, double lower, double upper, Generator generator) {
  const Tensor x = self.detach().contiguous();
  Tensor slopes = make_tensor(x.sizes(), x.scalar_type());
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* in = x.data_ptr<T>();
    T* out = slopes.data_ptr<T>();
    for (std::int64_t i = 0; i < x.numel(); ++i) {
      out[i] = in[i] <= T{0} ? static_cast<T>(generator.uniform_double() * (upper - lower) + lower)
                             : T{1};
    }
  });
  return slopes;
}

}  // namespace

Tensor rrelu(const Tensor& self, const Scalar& lower, const Scalar& upper, bool training,
             optional<Generator> generator) {
  const double low = lower.toDouble(), high = upper.toDouble();
  check(low <= high, "rrelu: lower {} is above upper {}", low, high);
  check(self.is_floating_point(), "rrelu: not defined for dtype {}",
        dtype_name(self.scalar_type()));
  if (!training) return leaky_relu(self, (low + high) / 2);
  return self.contiguous() *
         random_slopes(self, low, high, generator.value_or(default_generator()));
}
Tensor& rrelu_(const Tensor& self, const Scalar& lower, const Scalar& upper, bool training,
               optional<Generator> generator) {
  const double low = lower.toDouble(), high = upper.toDouble();
  if (!training && low <= high && self.is_floating_point()) {
    return leaky_relu_(self, (low + high) / 2);
  }
  return apply_in_place(
      "rrelu_", self, [&](const Tensor& x) { return rrelu(x, lower, upper, training, generator); });
}

namespace {

struct Bounds {
  Scalar min, max;
};
// Integers are bounded by integers, so that they keep their dtype.
Bounds hardtanh_bounds(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  if (self.is_floating_point()) return {min_val, max_val};
  check(self.scalar_type() != kBool, "hardtanh: not defined for dtype bool");
  const Bounds bounds{min_val.toLong(), max_val.toLong()};
  check(self.is_signed() || (bounds.min.toLong() >= 0 && bounds.max.toLong() >= 0),
        "hardtanh: bounds {} and {} must not be negative for the unsigned dtype {}",
        bounds.min.toLong(), bounds.max.toLong(), dtype_name(self.scalar_type()));
  return bounds;
}

Tensor hardtanh_between(const Tensor& self, double min, double max) {
  const MapParams params{min, max};
  return activation<kernels::Clamp>("hardtanh", "HardtanhBackward0", self, params,
                                    [params](const Tensor& dy, const Tensor& x) {
                                      return slope<kernels::HardtanhBackward>(
                                          "HardtanhBackwardBackward0", dy, x, params, straight);
                                    });
}

}  // namespace

Tensor hardtanh(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  const Bounds bounds = hardtanh_bounds(self, min_val, max_val);
  return hardtanh_between(self, bounds.min.toDouble(), bounds.max.toDouble());
}
Tensor& hardtanh_(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  return apply_in_place("hardtanh_", self,
                        [&](const Tensor& x) { return hardtanh(x, min_val, max_val); });
}
Tensor relu6(const Tensor& self) { return hardtanh(self, 0, 6); }
Tensor& relu6_(const Tensor& self) { return hardtanh_(self, 0, 6); }

Tensor hardsigmoid(const Tensor& self) {
  return activation<kernels::Hardsigmoid>(
      "hardsigmoid", "HardsigmoidBackward0", self, {}, [](const Tensor& dy, const Tensor& x) {
        return slope<kernels::HardtanhBackward>("HardsigmoidBackwardBackward0", dy / 6, x, {-3, 3},
                                                straight);
      });
}
Tensor& hardsigmoid_(const Tensor& self) {
  return in_place<kernels::Hardsigmoid>("hardsigmoid_", self, hardsigmoid);
}

// Slope x / 3 + 1 / 2 between -3 and 3, which bends by 1 / 3.
Tensor hardswish(const Tensor& self) {
  return activation<kernels::Hardswish>(
      "hardswish", "HardswishBackward0", self, {}, [](const Tensor& dy, const Tensor& x) {
        return slope<kernels::HardswishBackward>(
            "HardswishBackwardBackward0", dy, x, {},
            [](const Tensor& c, const Tensor& v) { return where(v.abs() < 3, c / 3, 0); });
      });
}
Tensor& hardswish_(const Tensor& self) {
  return in_place<kernels::Hardswish>("hardswish_", self, hardswish);
}

namespace {

template <class F>
Tensor shrink(const char* op, const char* node, const Tensor& self, double lambda) {
  const MapParams params{lambda};
  return activation<F>(op, node, self, params, [params](const Tensor& dy, const Tensor& x) {
    return slope<kernels::ShrinkBackward>("ShrinkBackwardBackward0", dy, x, params, straight);
  });
}

}  // namespace

Tensor softshrink(const Tensor& self, const Scalar& lambd) {
  check(lambd.toDouble() >= 0, "softshrink: lambda {} is negative, expected at least 0",
        lambd.toDouble());
  return shrink<kernels::Softshrink>("softshrink", "SoftshrinkBackward0", self, lambd.toDouble());
}
Tensor hardshrink(const Tensor& self, const Scalar& lambd) {
  return shrink<kernels::Hardshrink>("hardshrink", "HardshrinkBackward0", self, lambd.toDouble());
}

Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  const MapParams params{threshold.toDouble(), value.toDouble()};
  return activation<kernels::Threshold>(
      "threshold", "ThresholdBackward0", self, params, [params](const Tensor& dy, const Tensor& x) {
        return slope<kernels::ThresholdBackward>("ThresholdBackwardBackward0", dy, x, params,
                                                 straight);
      });
}
Tensor& threshold_(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  // Where an expanded tensor keeps an element once, that one is changed.
  in_place<kernels::Threshold>(
      "threshold_", without_repeats(self),
      [&](const Tensor& x) { return xgrad::threshold(x, threshold, value); },
      {threshold.toDouble(), value.toDouble()});
  return const_cast<Tensor&>(self);
}

}  // namespace xgrad
