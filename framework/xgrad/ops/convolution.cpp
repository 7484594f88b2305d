#include "xgrad/ops/convolution.h"

#include <utility>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/optional_tensor.h"
#include "xgrad/ops/pad.h"
#include "xgrad/ops/window_products.h"

namespace xgrad {

using namespace autograd;

namespace {

// One convolution: y of x and weight. Its three products are each other's gradients.
struct Convolution {
  ConvolutionShape shape;
  Dims x, weight, y;  // sizes
};

Tensor input_product(const Convolution& c, const Tensor& y, const Tensor& weight,
                     const Tensor& bias);
Tensor weight_product(const Convolution& c, const Tensor& y, const Tensor& x);

// Of a bias: the sum of all but the channels.
Tensor channel_sums(const Tensor& dy) {
  Dims dims;
  for (std::int64_t d = 0; d < dy.dim(); ++d) {
    if (d != 1) dims.push_back(d);
  }
  return dy.sum(IntArrayRef(dims));
}

Tensor plain(const Tensor& x) {
  NoGradGuard no_grad;
  return x.defined() ? x.contiguous() : x;
}

Tensor output_product(const Convolution& c, const Tensor& x, const Tensor& weight,
                      const Tensor& bias) {
  const Tensor y = make_tensor(c.y, x.scalar_type());
  window_output(c.shape, plain(x), plain(weight), plain(bias), y);
  if (recording(x, weight, bias)) {
    record("ConvolutionBackward0", y, {x, weight, bias},
           [c, x = Saved(x), weight = Saved(weight)](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = input_product(c, dy, weight(), {});
             if (dx.needs(1)) dx[1] = weight_product(c, dy, x());
             if (dx.needs(2)) dx[2] = channel_sums(dy);
           });
  }
  return y;
}

// The transposed convolution: x of y and weight.
Tensor input_product(const Convolution& c, const Tensor& y, const Tensor& weight,
                     const Tensor& bias) {
  const Tensor x = make_tensor(c.x, y.scalar_type());
  window_input(c.shape, plain(y), plain(weight), plain(bias), x);
  if (recording(y, weight, bias)) {
    record("ConvolutionBackward0", x, {y, weight, bias},
           [c, y = Saved(y), weight = Saved(weight)](const Tensor& g, Gradients& dx) {
             if (dx.needs(0)) dx[0] = output_product(c, g, weight(), {});
             if (dx.needs(1)) dx[1] = weight_product(c, y(), g);
             if (dx.needs(2)) dx[2] = channel_sums(g);
           });
  }
  return x;
}

Tensor weight_product(const Convolution& c, const Tensor& y, const Tensor& x) {
  const Tensor weight = make_tensor(c.weight, x.scalar_type());
  window_weight(c.shape, plain(y), plain(x), weight);
  if (recording(y, x)) {
    record("ConvolutionWeightBackward0", weight, {y, x},
           [c, y = Saved(y), x = Saved(x)](const Tensor& g, Gradients& dx) {
             if (dx.needs(0)) dx[0] = output_product(c, x(), g, {});
             if (dx.needs(1)) dx[1] = input_product(c, y(), g, {});
           });
  }
  return weight;
}

// One value a spatial dim, none below `least`.
Dims expanded(const char* op, const char* name, IntArrayRef values, std::size_t rank,
              std::int64_t least) {
  check(values.size() == 1 || values.size() == rank, "{}: {} has {} values, expected 1 or {}", op,
        name, values.size(), rank);
  for (const std::int64_t value : values)
    check(value >= least, "{}: {} is {}, expected at least {}", op, name, values, least);
  return values.size() == rank ? Dims(values) : Dims(rank, values[0]);
}

void check_operands(const char* op, const Tensor& input, const Tensor& weight, const Tensor& bias,
                    std::size_t rank, std::int64_t groups, std::int64_t outputs) {
  const auto dims = static_cast<std::int64_t>(rank) + 2;
  check(weight.dim() == dims, "{}: weight has shape {}, expected {} dims", op, weight.sizes(),
        dims);
  check(input.dim() == dims || input.dim() == dims - 1,
        "{}: input has shape {}, expected {} dims, or {} without a batch (weight {})", op,
        input.sizes(), dims, dims - 1, weight.sizes());
  check(input.is_floating_point(), "{}: input is {}, expected a floating dtype", op,
        dtype_name(input.scalar_type()));
  check(weight.scalar_type() == input.scalar_type(), "{}: input is {}, but weight is {}", op,
        dtype_name(input.scalar_type()), dtype_name(weight.scalar_type()));
  check(groups > 0, "{}: groups is {}, expected at least 1", op, groups);
  check(weight.size(0) % groups == 0,
        "{}: {} channels (weight {}) cannot be divided into {} groups", op, weight.size(0),
        weight.sizes(), groups);
  for (std::int64_t d = 2; d < dims; ++d)
    check(weight.size(d) > 0, "{}: weight has shape {}, expected no empty kernel", op,
          weight.sizes());
  if (!bias.defined()) return;
  check(bias.dim() == 1 && bias.size(0) == outputs,
        "{}: bias has shape {}, expected [{}] (weight {})", op, bias.sizes(), outputs,
        weight.sizes());
  check(bias.scalar_type() == input.scalar_type(), "{}: input is {}, but bias is {}", op,
        dtype_name(input.scalar_type()), dtype_name(bias.scalar_type()));
}

struct Steps {
  IntArrayRef stride, padding, dilation, output_padding;
};

Tensor convolve(const char* op, const Tensor& input, const Tensor& weight,
                const optional<Tensor>& given_bias, std::size_t rank, const Steps& steps,
                std::int64_t groups, bool transposed) {
  const Tensor& bias = tensor_or_none(given_bias);
  const auto ends = static_cast<std::int64_t>(rank) + 2;
  check_operands(op, input, weight, bias, rank, groups,
                 weight.dim() != ends ? 0
                 : transposed         ? weight.size(1) * groups
                                      : weight.size(0));
  const Dims stride = expanded(op, "stride", steps.stride, rank, 1),
             padding = expanded(op, "padding", steps.padding, rank, 0),
             dilation = expanded(op, "dilation", steps.dilation, rank, 1),
             extra = expanded(op, "output_padding", steps.output_padding, rank, 0);
  if (input.dim() == ends - 1) {
    return convolve(op, input.unsqueeze(0), weight, given_bias, rank, steps, groups, transposed)
        .squeeze(0);
  }
  const std::int64_t channels = transposed ? weight.size(0) : weight.size(1) * groups;
  check(input.size(1) == channels,
        "{}: input has shape {}, expected {} channels (weight {}, {} groups)", op, input.sizes(),
        channels, weight.sizes(), groups);

  Convolution c{{input.size(0),
                 groups,
                 weight.size(1),
                 weight.size(0) / groups,
                 {1, 1, 1},
                 {1, 1, 1},
                 {1, 1, 1},
                 {1, 1, 1},
                 {0, 0, 0},
                 {1, 1, 1}},
                {input.size(0), weight.size(1) * groups},
                weight.sizes(),
                {input.size(0), weight.size(0)}};
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t size = input.sizes()[i + 2], kernel = weight.sizes()[i + 2],
                       extent = dilation[i] * (kernel - 1) + 1;
    std::int64_t result;
    if (transposed) {
      check(extra[i] < stride[i] || extra[i] < dilation[i],
            "{}: output_padding is {}, expected less than stride {} or dilation {}", op, extra,
            stride, dilation);
      result = (size - 1) * stride[i] - 2 * padding[i] + extent + extra[i];
      check(size > 0 && result > 0,
            "{}: the output of an input of shape {} would have size {} in dim {}, expected a "
            "positive number (kernel {}, stride {}, padding {})",
            op, input.sizes(), result, i + 2, kernel, stride, padding);
    } else {
      const std::int64_t room = size + 2 * padding[i] - extent;
      check(room >= 0,
            "{}: a kernel of {} elements (with dilation) does not fit into {} (with padding) in "
            "dim {} of an input of shape {}",
            op, extent, size + 2 * padding[i], i + 2, input.sizes());
      result = room / stride[i] + 1;
    }
    const std::size_t at = 3 - rank + i;
    c.shape.input[at] = transposed ? result : size;
    c.shape.output[at] = transposed ? size : result;
    c.shape.kernel[at] = kernel;
    c.shape.stride[at] = stride[i];
    c.shape.padding[at] = padding[i];
    c.shape.dilation[at] = dilation[i];
    c.x.push_back(c.shape.input[at]);
    c.y.push_back(c.shape.output[at]);
  }
  return transposed ? input_product(c, input, weight, bias)
                    : output_product(c, input, weight, bias);
}

Tensor convolve_named(const char* op, const Tensor& input, const Tensor& weight,
                      const optional<Tensor>& bias, std::size_t rank, IntArrayRef stride,
                      std::string_view padding, IntArrayRef dilation, std::int64_t groups) {
  check(padding == "valid" || padding == "same",
        "{}: padding is \"{}\", expected \"valid\" or \"same\"", op, padding);
  if (padding == "valid")
    return convolve(op, input, weight, bias, rank, {stride, 0, dilation, 0}, groups, false);
  for (const std::int64_t step : stride)
    check(step == 1, "{}: padding \"same\" with stride {}, expected stride 1", op, stride);
  check(weight.dim() == static_cast<std::int64_t>(rank) + 2,
        "{}: weight has shape {}, expected {} dims", op, weight.sizes(), rank + 2);
  const Dims spread = expanded(op, "dilation", dilation, rank, 1);
  Dims before(rank, 0), more(2 * rank, 0);
  bool odd = false;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t total = spread[i] * (weight.sizes()[i + 2] - 1);
    before[i] = total / 2;
    more[2 * (rank - 1 - i) + 1] = total % 2;
    odd = odd || total % 2 != 0;
  }
  return convolve(op, odd ? constant_pad_nd(input, more, 0) : input, weight, bias, rank,
                  {stride, before, spread, 0}, groups, false);
}

}  // namespace

Tensor convolution(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias,
                   IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed,
                   IntArrayRef output_padding, std::int64_t groups) {
  check(weight.dim() >= 3 && weight.dim() <= 5,
        "convolution: weight has shape {}, expected 3 to 5 dims", weight.sizes());
  return convolve("convolution", input, weight, bias, static_cast<std::size_t>(weight.dim() - 2),
                  {stride, padding, dilation, output_padding}, groups, transposed);
}

// clang-format off
Tensor conv1d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, std::int64_t groups) {
  return convolve("conv1d", input, weight, bias, 1, {stride, padding, dilation, 0}, groups, false);
}
Tensor conv2d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, std::int64_t groups) {
  return convolve("conv2d", input, weight, bias, 2, {stride, padding, dilation, 0}, groups, false);
}
Tensor conv3d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, std::int64_t groups) {
  return convolve("conv3d", input, weight, bias, 3, {stride, padding, dilation, 0}, groups, false);
}
Tensor conv1d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, std::string_view padding, IntArrayRef dilation, std::int64_t groups) {
  return convolve_named("conv1d", input, weight, bias, 1, stride, padding, dilation, groups);
}
Tensor conv2d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, std::string_view padding, IntArrayRef dilation, std::int64_t groups) {
  return convolve_named("conv2d", input, weight, bias, 2, stride, padding, dilation, groups);
}
Tensor conv3d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, std::string_view padding, IntArrayRef dilation, std::int64_t groups) {
  return convolve_named("conv3d", input, weight, bias, 3, stride, padding, dilation, groups);
}
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef output_padding, std::int64_t groups, IntArrayRef dilation) {
  return convolve("conv_transpose1d", input, weight, bias, 1, {stride, padding, dilation, output_padding}, groups, true);
}
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef output_padding, std::int64_t groups, IntArrayRef dilation) {
  return convolve("conv_transpose2d", input, weight, bias, 2, {stride, padding, dilation, output_padding}, groups, true);
}
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef output_padding, std::int64_t groups, IntArrayRef dilation) {
  return convolve("conv_transpose3d", input, weight, bias, 3, {stride, padding, dilation, output_padding}, groups, true);
}
// clang-format on

}  // namespace xgrad
