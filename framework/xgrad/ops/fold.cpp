#include "xgrad/ops/fold.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/pad.h"

namespace xgrad {

using namespace autograd;

namespace {

// How blocks lie in an image of height and width `size`.
struct Blocks {
  std::int64_t size[2], kernel[2], dilation[2], padding[2], stride[2], count[2];
  std::int64_t padded(int i) const { return size[i] + 2 * padding[i]; }
  // Elements from a block's first to its last.
  std::int64_t extent(int i) const { return dilation[i] * (kernel[i] - 1) + 1; }
};

Blocks make_blocks(const char* op, IntArrayRef size, IntArrayRef kernel, IntArrayRef dilation,
                   IntArrayRef padding, IntArrayRef stride) {
  check(size.size() == 2 && kernel.size() == 2 && dilation.size() == 2 && padding.size() == 2 &&
            stride.size() == 2,
        "{}: size, kernel, dilation, padding and stride have {}, {}, {}, {} and {} values, "
        "expected 2 each",
        op, size.size(), kernel.size(), dilation.size(), padding.size(), stride.size());
  Blocks b;
  for (std::size_t i = 0; i < 2; ++i) {
    check(
        kernel[i] > 0 && dilation[i] > 0 && stride[i] > 0 && padding[i] >= 0 && size[i] >= 0,
        "{}: size {}, kernel {}, dilation {}, padding {} and stride {}, expected positive numbers",
        op, size, kernel, dilation, padding, stride);
    b.size[i] = size[i];
    b.kernel[i] = kernel[i];
    b.dilation[i] = dilation[i];
    b.padding[i] = padding[i];
    b.stride[i] = stride[i];
    const std::int64_t room = b.padded(static_cast<int>(i)) - b.extent(static_cast<int>(i));
    check(
        room >= 0,
        "{}: a block of {} (kernel {}, dilation {}) does not fit into a size of {} (with padding)",
        op, b.extent(static_cast<int>(i)), kernel[i], dilation[i], b.padded(static_cast<int>(i)));
    b.count[i] = room / stride[i] + 1;
  }
  return b;
}

// Of a padded image [N, C, H, W] the elements at offset (i, j) of all blocks: a view [N, C, count,
// count].
Tensor at_offset(const Blocks& b, const Tensor& padded, std::int64_t i, std::int64_t j) {
  const std::int64_t top = i * b.dilation[0], left = j * b.dilation[1];
  return padded.slice(2, top, top + (b.count[0] - 1) * b.stride[0] + 1, b.stride[0])
      .slice(3, left, left + (b.count[1] - 1) * b.stride[1] + 1, b.stride[1]);
}

// x [N, C, H, W] -> [N, C, kh, kw, count, count].
Tensor gather_blocks(const Blocks& b, const Tensor& x) {
  const Tensor padded =
      constant_pad_nd(x, {b.padding[1], b.padding[1], b.padding[0], b.padding[0]}, 0);
  const Tensor y = make_tensor(
      {x.size(0), x.size(1), b.kernel[0], b.kernel[1], b.count[0], b.count[1]}, x.scalar_type());
  for (std::int64_t i = 0; i < b.kernel[0]; ++i) {
    for (std::int64_t j = 0; j < b.kernel[1]; ++j)
      y.select(2, i).select(2, j).copy_(at_offset(b, padded, i, j));
  }
  return y;
}

// The other way: sums [N, C, kh, kw, count, count] into [N, C, H, W].
Tensor scatter_blocks(const Blocks& b, const Tensor& x) {
  const Tensor padded = x.new_zeros({x.size(0), x.size(1), b.padded(0), b.padded(1)});
  for (std::int64_t i = 0; i < b.kernel[0]; ++i) {
    for (std::int64_t j = 0; j < b.kernel[1]; ++j)
      at_offset(b, padded, i, j).add_(x.select(2, i).select(2, j));
  }
  return padded.narrow(2, b.padding[0], b.size[0]).narrow(3, b.padding[1], b.size[1]).contiguous();
}

}  // namespace

Tensor im2col(const Tensor& x, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride) {
  check(x.dim() == 3 || x.dim() == 4,
        "im2col: input has shape {}, expected [N, C, H, W] or [C, H, W]", x.sizes());
  const Dims size{x.size(-2), x.size(-1)}, kernel = kernel_size, spread = dilation,
                                           border = padding, step = stride;
  const Blocks b = make_blocks("im2col", size, kernel, spread, border, step);
  const bool single = x.dim() == 3;
  Tensor y;
  {
    NoGradGuard no_grad;
    const Tensor blocks = gather_blocks(b, single ? x.unsqueeze(0) : x);
    y = blocks.view(
        {blocks.size(0), x.size(-3) * b.kernel[0] * b.kernel[1], b.count[0] * b.count[1]});
    if (single) y = y.squeeze(0);
  }
  if (recording(x)) {
    record("Im2ColBackward0", y, {x}, [=](const Tensor& dy, Gradients& dx) {
      dx[0] = col2im(dy, size, kernel, spread, border, step);
    });
  }
  return y;
}

Tensor col2im(const Tensor& x, IntArrayRef output_size, IntArrayRef kernel_size,
              IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride) {
  check(x.dim() == 2 || x.dim() == 3,
        "col2im: input has shape {}, expected [N, C * kernel, L] or [C * kernel, L]", x.sizes());
  const Dims size = output_size, kernel = kernel_size, spread = dilation, border = padding,
             step = stride;
  const Blocks b = make_blocks("col2im", size, kernel, spread, border, step);
  const std::int64_t area = b.kernel[0] * b.kernel[1], rows = x.size(-2),
                     blocks = b.count[0] * b.count[1];
  check(rows % area == 0, "col2im: {} rows cannot be divided by the kernel's {} elements", rows,
        area);
  check(x.size(-1) == blocks,
        "col2im: input has {} columns, expected {}, the blocks of size {}, kernel {}, dilation {}, "
        "padding {} and stride {}",
        x.size(-1), blocks, size, kernel, spread, border, step);
  const bool single = x.dim() == 2;
  Tensor y;
  {
    NoGradGuard no_grad;
    const Tensor columns = single ? x.unsqueeze(0) : x;
    y = scatter_blocks(b, columns.reshape({columns.size(0), rows / area, b.kernel[0], b.kernel[1],
                                           b.count[0], b.count[1]}));
    if (single) y = y.squeeze(0);
  }
  if (recording(x)) {
    record("Col2ImBackward0", y, {x}, [=](const Tensor& dy, Gradients& dx) {
      dx[0] = im2col(dy, kernel, spread, border, step);
    });
  }
  return y;
}

}  // namespace xgrad
