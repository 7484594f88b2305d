// Sliding blocks of images as columns, and the sum of such columns back into an image.
//
//   // [N, C, H, W] -> [N, C * 9, L], L blocks
//   auto columns = xgrad::im2col(x, {3, 3}, {1, 1}, {0, 0}, {1, 1});
//
// The two are each other's gradients. Convolutions do not need them. Errors: pairs that are not two
// positive numbers (paddings not negative), no room for a block. Source:
// https://pytorch.org/docs/1.13/generated/torch.nn.Unfold.html.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// x [N, C, H, W] or [C, H, W] -> [N, C kh kw, L] or [C kh kw, L].
Tensor im2col(const Tensor& x, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride);
// x [N, C kh kw, L] or [C kh kw, L] -> [N, C, H, W] or [C, H, W] with (H, W) the output size.
Tensor col2im(const Tensor& x, IntArrayRef output_size, IntArrayRef kernel_size,
              IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride);

}  // namespace xgrad
