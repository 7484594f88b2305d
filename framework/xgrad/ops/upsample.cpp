#include "xgrad/ops/upsample.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"

namespace xgrad {

namespace {

// Along one dim, output i is the sum over k of weight[k][i] * input[index[k][i]].
struct Taps {
  Taps(std::size_t taps, std::int64_t out) : index(taps), weight(taps) {
    for (auto& row : index) row.resize(static_cast<std::size_t>(out));
    for (auto& row : weight) row.resize(static_cast<std::size_t>(out), 1);
  }
  std::vector<std::vector<std::int64_t>> index;
  std::vector<std::vector<double>> weight;
};

// One dim's task. `scale` > 0: output / input as the caller said it, else 0.
struct Axis {
  std::int64_t in, out;
  double scale;
  bool align_corners;

  // Input elements per output element.
  double step() const {
    if (align_corners)
      return out > 1 ? static_cast<double>(in - 1) / static_cast<double>(out - 1) : 0;
    return scale > 0 ? 1 / scale : static_cast<double>(in) / static_cast<double>(out);
  }
  double position(std::int64_t i) const {
    return align_corners ? step() * static_cast<double>(i)
                         : step() * (static_cast<double>(i) + 0.5) - 0.5;
  }
  std::int64_t inside(std::int64_t i) const { return std::clamp<std::int64_t>(i, 0, in - 1); }
};

// `by_size`: where the output is as long as the input, or twice, the scale does not count.
Taps nearest_taps(const Axis& axis, bool exact, bool by_size = false) {
  Taps taps(1, axis.out);
  // In float, as PyTorch has it: it decides which side of a whole number a position falls on.
  const float step = axis.scale > 0 ? static_cast<float>(1 / axis.scale)
                                    : static_cast<float>(axis.in) / static_cast<float>(axis.out);
  for (std::int64_t i = 0; i < axis.out; ++i) {
    const float at = (static_cast<float>(i) + (exact ? 0.5F : 0.0F)) * step;
    std::int64_t from = static_cast<std::int64_t>(std::floor(at));
    if (by_size && axis.out == axis.in) from = i;
    if (by_size && axis.out == 2 * axis.in) from = i / 2;
    taps.index[0][static_cast<std::size_t>(i)] = std::min(from, axis.in - 1);
  }
  return taps;
}

Taps linear_taps(const Axis& axis) {
  Taps taps(2, axis.out);
  for (std::int64_t i = 0; i < axis.out; ++i) {
    // Of the same length it is a copy, whatever the scale, as in PyTorch.
    const double at =
        axis.out == axis.in ? static_cast<double>(i) : std::max(axis.position(i), 0.0);
    const std::int64_t low = axis.inside(static_cast<std::int64_t>(at));
    const double fraction = std::clamp(at - static_cast<double>(low), 0.0, 1.0);
    const auto o = static_cast<std::size_t>(i);
    taps.index[0][o] = low;
    taps.index[1][o] = axis.inside(low + 1);
    taps.weight[0][o] = 1 - fraction;
    taps.weight[1][o] = fraction;
  }
  return taps;
}

// Keys' cubic convolution kernel.
double cubic_kernel(double x, double a) {
  x = std::abs(x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

Taps cubic_taps(const Axis& axis) {
  Taps taps(4, axis.out);
  for (std::int64_t i = 0; i < axis.out; ++i) {
    const double at = axis.position(i), low = std::floor(at);
    for (int k = 0; k < 4; ++k) {
      const auto o = static_cast<std::size_t>(i), tap = static_cast<std::size_t>(k);
      taps.index[tap][o] = axis.inside(static_cast<std::int64_t>(low) + k - 1);
      taps.weight[tap][o] = cubic_kernel(at - low + 1 - k, -0.75);
    }
  }
  return taps;
}

Tensor apply_taps(const Tensor& x, std::int64_t dim, const Taps& taps, bool weighted) {
  const auto out = static_cast<std::int64_t>(taps.index[0].size());
  Dims along(static_cast<std::size_t>(x.dim()), 1);
  along[static_cast<std::size_t>(dim)] = out;
  Tensor y;
  for (std::size_t k = 0; k < taps.index.size(); ++k) {
    const Tensor index = make_tensor({out}, kLong);
    std::copy(taps.index[k].begin(), taps.index[k].end(), index.data_ptr<std::int64_t>());
    Tensor term = x.index_select(dim, index);
    if (weighted) {
      const Tensor weight = make_tensor({out}, kDouble);
      std::copy(taps.weight[k].begin(), taps.weight[k].end(), weight.data_ptr<double>());
      term = term * weight.to(x.scalar_type()).view(along);
    }
    y = k == 0 ? term : y + term;
  }
  return y;
}

// For kernels of any width, [out, in] in float64.
Tensor antialias_matrix(const Axis& axis, bool cubic) {
  const Tensor matrix = make_tensor({axis.out, axis.in}, kDouble);
  matrix.zero_();
  const double step = axis.step(), stretch = std::max(step, 1.0),
               support = (cubic ? 2 : 1) * stretch;
  for (std::int64_t i = 0; i < axis.out; ++i) {
    const double center = step * (static_cast<double>(i) + 0.5);
    const std::int64_t first =
        std::max<std::int64_t>(static_cast<std::int64_t>(center - support + 0.5), 0);
    const std::int64_t last =
        std::min<std::int64_t>(static_cast<std::int64_t>(center + support + 0.5), axis.in);
    double* row = matrix.data_ptr<double>() + i * axis.in;
    double total = 0;
    for (std::int64_t j = first; j < last; ++j) {
      const double x = (static_cast<double>(j) - center + 0.5) / stretch;
      row[j] = cubic ? cubic_kernel(x, -0.5) : std::max(0.0, 1 - std::abs(x));
      total += row[j];
    }
    for (std::int64_t j = first; j < last && total != 0; ++j) row[j] /= total;
  }
  return matrix;
}

Tensor apply_matrix(const Tensor& x, std::int64_t dim, const Tensor& matrix) {
  return x.movedim(dim, -1).matmul(matrix.to(x.scalar_type()).t()).movedim(-1, dim);
}

std::vector<double> scales_of(std::initializer_list<optional<double>> scales) {
  std::vector<double> values;
  for (const auto& scale : scales) values.push_back(scale.value_or(0));
  return values;
}

void check_dims(const char* op, const Tensor& input, std::int64_t dims) {
  check(input.dim() == dims, "{}: input has shape {}, expected {} dims", op, input.sizes(), dims);
}

}  // namespace

Tensor resample(const char* op, const Tensor& input, IntArrayRef size, Resampling how,
                bool align_corners, ArrayRef<double> scales) {
  const std::int64_t spatial = input.dim() - 2;
  check(spatial >= 1, "{}: input has shape {}, expected [N, C, spatial...]", op, input.sizes());
  check(static_cast<std::int64_t>(size.size()) == spatial,
        "{}: output size {} for an input of shape {}, expected {} values", op, size, input.sizes(),
        spatial);
  check(scales.empty() || scales.size() == size.size(), "{}: {} scales, expected {}", op,
        scales.size(), size.size());
  // PyTorch's kernels for channels last look at the sizes first, its others do not.
  const bool by_size = spatial > 1 && input.detach().movedim(1, -1).is_contiguous();
  Tensor y = input;
  for (std::size_t i = 0; i < size.size(); ++i) {
    const std::int64_t dim = static_cast<std::int64_t>(i) + 2;
    check(input.size(dim) > 0 && size[i] > 0,
          "{}: input has shape {} and output size {}, expected sizes above 0", op, input.sizes(),
          size);
    const Axis axis{input.size(dim), size[i], scales.empty() ? 0 : scales[i], align_corners};
    switch (how) {
      case Resampling::nearest:
        y = apply_taps(y, dim, nearest_taps(axis, false, by_size), false);
        break;
      case Resampling::nearest_exact:
        y = apply_taps(y, dim, nearest_taps(axis, true), false);
        break;
      case Resampling::linear:
        y = apply_taps(y, dim, linear_taps(axis), true);
        break;
      case Resampling::cubic:
        y = apply_taps(y, dim, cubic_taps(axis), true);
        break;
      case Resampling::antialias_linear:
        y = apply_matrix(y, dim, antialias_matrix(axis, false));
        break;
      case Resampling::antialias_cubic:
        y = apply_matrix(y, dim, antialias_matrix(axis, true));
        break;
    }
  }
  return y.contiguous();
}

Tensor upsample_nearest1d(const Tensor& input, IntArrayRef size, optional<double> scales) {
  check_dims("upsample_nearest1d", input, 3);
  return resample("upsample_nearest1d", input, size, Resampling::nearest, false,
                  scales_of({scales}));
}
Tensor upsample_nearest2d(const Tensor& input, IntArrayRef size, optional<double> scales_h,
                          optional<double> scales_w) {
  check_dims("upsample_nearest2d", input, 4);
  return resample("upsample_nearest2d", input, size, Resampling::nearest, false,
                  scales_of({scales_h, scales_w}));
}
Tensor upsample_nearest3d(const Tensor& input, IntArrayRef size, optional<double> scales_d,
                          optional<double> scales_h, optional<double> scales_w) {
  check_dims("upsample_nearest3d", input, 5);
  return resample("upsample_nearest3d", input, size, Resampling::nearest, false,
                  scales_of({scales_d, scales_h, scales_w}));
}
Tensor upsample_linear1d(const Tensor& input, IntArrayRef size, bool align_corners,
                         optional<double> scales) {
  check_dims("upsample_linear1d", input, 3);
  return resample("upsample_linear1d", input, size, Resampling::linear, align_corners,
                  scales_of({scales}));
}
Tensor upsample_bilinear2d(const Tensor& input, IntArrayRef size, bool align_corners,
                           optional<double> scales_h, optional<double> scales_w) {
  check_dims("upsample_bilinear2d", input, 4);
  return resample("upsample_bilinear2d", input, size, Resampling::linear, align_corners,
                  scales_of({scales_h, scales_w}));
}
Tensor upsample_bicubic2d(const Tensor& input, IntArrayRef size, bool align_corners,
                          optional<double> scales_h, optional<double> scales_w) {
  check_dims("upsample_bicubic2d", input, 4);
  return resample("upsample_bicubic2d", input, size, Resampling::cubic, align_corners,
                  scales_of({scales_h, scales_w}));
}
Tensor upsample_trilinear3d(const Tensor& input, IntArrayRef size, bool align_corners,
                            optional<double> scales_d, optional<double> scales_h,
                            optional<double> scales_w) {
  check_dims("upsample_trilinear3d", input, 5);
  return resample("upsample_trilinear3d", input, size, Resampling::linear, align_corners,
                  scales_of({scales_d, scales_h, scales_w}));
}

}  // namespace xgrad
