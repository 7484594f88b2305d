// Convolutions: einsums over sliding windows, "n g c i k, g o c k -> n g o i" where windows are
// addresses in the input, so that no matrix of columns is ever in memory.
//
//   auto y = xgrad::conv2d(x, weight, bias, /*stride=*/2, /*padding=*/1);
//
// input [N, C, spatial...] or [C, spatial...], weight [O, C / groups, kernel...], bias [O] or none
// -> [N, O, spatial...] or [O, spatial...]; each parameter is one value or one a spatial dim. The
// output has (size + 2 padding - dilation (kernel - 1) - 1) / stride + 1 elements in each dim.
// Errors name the op and the shapes: another number of dims or channels, channels that the groups
// do not divide, a kernel that is larger than the padded input, dtypes that differ or are not
// floating. Source: https://pytorch.org/docs/1.13/nn.functional.html#convolution-functions.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor conv1d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias = {},
              IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1,
              std::int64_t groups = 1);
Tensor conv2d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias = {},
              IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1,
              std::int64_t groups = 1);
Tensor conv3d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias = {},
              IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1,
              std::int64_t groups = 1);
// padding: "valid" is none; "same" keeps the spatial size, the odd zero goes to the end. Errors
// also: another word, "same" with a stride.
Tensor conv1d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias,
              IntArrayRef stride, std::string_view padding, IntArrayRef dilation = 1,
              std::int64_t groups = 1);
Tensor conv2d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias,
              IntArrayRef stride, std::string_view padding, IntArrayRef dilation = 1,
              std::int64_t groups = 1);
Tensor conv3d(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias,
              IntArrayRef stride, std::string_view padding, IntArrayRef dilation = 1,
              std::int64_t groups = 1);

// The gradient of a convolution by its input: weight [C, O / groups, kernel...], and output_padding
// (below stride or dilation) more elements at each end than (size - 1) stride - 2 padding +
// dilation (kernel - 1) + 1.
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight,
                        const optional<Tensor>& bias = {}, IntArrayRef stride = 1,
                        IntArrayRef padding = 0, IntArrayRef output_padding = 0,
                        std::int64_t groups = 1, IntArrayRef dilation = 1);
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight,
                        const optional<Tensor>& bias = {}, IntArrayRef stride = 1,
                        IntArrayRef padding = 0, IntArrayRef output_padding = 0,
                        std::int64_t groups = 1, IntArrayRef dilation = 1);
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight,
                        const optional<Tensor>& bias = {}, IntArrayRef stride = 1,
                        IntArrayRef padding = 0, IntArrayRef output_padding = 0,
                        std::int64_t groups = 1, IntArrayRef dilation = 1);

// All of them: 1 to 3 spatial dims as the weight has.
Tensor convolution(const Tensor& input, const Tensor& weight, const optional<Tensor>& bias,
                   IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed,
                   IntArrayRef output_padding, std::int64_t groups);

}  // namespace xgrad
