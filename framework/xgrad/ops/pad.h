// Padding: larger (with negative paddings smaller) copies of a tensor's last dims.
//
//   auto y = xgrad::constant_pad_nd(x, {1, 1, 2, 2}, 0);   // [N, C, H, W] -> [N, C, H + 4, W + 2]
//   auto z = xgrad::pad(x, {1, 1, 2, 2}, "reflect");
//
// `padding` holds (left, right) pairs, the last dim's first. Source:
// https://pytorch.org/docs/1.13/generated/torch.nn.functional.pad.html.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// Any number of dims, any paddings. Errors: an odd number of paddings, more pairs than dims, a size
// that would be negative.
Tensor constant_pad_nd(const Tensor& input, IntArrayRef padding, const Scalar& value = 0);

// What lies beyond the ends: x mirrored at them (without the last element), the last element, or
// the other end. Input [N, C, ...] or [C, ...] with as many dims after the channels as there are
// pairs (1 to 3). Errors also: mirrored paddings not below the size, wrapped ones above it, nothing
// to repeat.
Tensor reflection_pad1d(const Tensor& input, IntArrayRef padding);
Tensor reflection_pad2d(const Tensor& input, IntArrayRef padding);
Tensor reflection_pad3d(const Tensor& input, IntArrayRef padding);
Tensor replication_pad1d(const Tensor& input, IntArrayRef padding);
Tensor replication_pad2d(const Tensor& input, IntArrayRef padding);
Tensor replication_pad3d(const Tensor& input, IntArrayRef padding);
Tensor circular_pad(const Tensor& input, IntArrayRef padding);

// mode: "constant", "reflect", "replicate" or "circular". Errors: another mode, a value with a mode
// that is not constant.
Tensor pad(const Tensor& input, IntArrayRef padding, std::string_view mode = "constant",
           optional<double> value = nullopt);

}  // namespace xgrad
