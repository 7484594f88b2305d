#include "xgrad/ops/grid_sample.h"

#include <array>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/minmax.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/where.h"

namespace xgrad {

namespace {

enum class Interpolation { linear, nearest, cubic };
enum class Padding { zeros, border, reflection };

// One spatial dim: its size, and where on it the samples lie, [N, P] in elements.
struct Axis {
  std::int64_t size;
  Tensor position;
};

// Brought into [0, size - 1]; no gradient from there on.
Tensor clip(const Tensor& position, std::int64_t size) {
  const Tensor inside = (position > 0) & (position < size - 1);
  return where(inside, position, position.detach().clamp(0, size - 1));
}

// Mirrored at the outermost elements, or at the image's edges half an element beyond.
Tensor reflect(const Tensor& position, std::int64_t size, bool align_corners) {
  const double low = align_corners ? 0 : -0.5;
  const double span = static_cast<double>(align_corners ? size - 1 : size);
  if (span == 0) return position * 0;
  const Tensor distance = (position - low).abs();
  const Tensor flips = (distance / span).floor().detach();
  const Tensor rest = distance - flips * span;
  return where(flips.remainder(2) == 0, rest, span - rest) + low;
}

Tensor pad_position(const Tensor& position, std::int64_t size, Padding padding,
                    bool align_corners) {
  switch (padding) {
    case Padding::border:
      return clip(position, size);
    case Padding::reflection:
      return clip(reflect(position, size, align_corners), size);
    default:
      return position;
  }
}

// The elements of the whole places `at` (one [N, P] an axis, of whole numbers), 0 outside: image
// [N, C, elements] -> [N, C, P].
Tensor elements_at(const Tensor& image, const std::vector<Axis>& axes,
                   const std::vector<Tensor>& at) {
  Tensor inside, place;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const Tensor within = (at[i] >= 0) & (at[i] <= axes[i].size - 1);
    const Tensor index = at[i].nan_to_num(0).clamp(0, axes[i].size - 1).to(kLong);
    inside = inside.defined() ? inside & within : within;
    place = place.defined() ? place * axes[i].size + index : index;
  }
  const Tensor values = image.gather(2, place.unsqueeze(1).expand({-1, image.size(1), -1}));
  return values * inside.unsqueeze(1).to(image.scalar_type());
}

// The sum over all corners of the cell around each sample, weighted by the opposite distances.
Tensor sample_linear(const Tensor& image, const std::vector<Axis>& axes) {
  Tensor sum;
  for (std::size_t corner = 0; corner < (std::size_t{1} << axes.size()); ++corner) {
    Tensor weight;
    std::vector<Tensor> at;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const Tensor below = axes[i].position.detach().floor();
      const bool upper = (corner >> i & 1U) != 0;
      const Tensor share = axes[i].position - below;
      const Tensor own = upper ? share : 1 - share;
      at.push_back(upper ? below + 1 : below);
      weight = weight.defined() ? weight * own : own;
    }
    const Tensor term = elements_at(image, axes, at) * weight.unsqueeze(1);
    sum = sum.defined() ? sum + term : term;
  }
  return sum;
}

Tensor sample_nearest(const Tensor& image, const std::vector<Axis>& axes) {
  std::vector<Tensor> at;
  for (const Axis& axis : axes) at.push_back(axis.position.detach().round());
  Tensor y = elements_at(image, axes, at);
  // The places' gradient is zero, but it is there.
  for (const Axis& axis : axes) {
    if (axis.position.requires_grad()) y = where(ones({}, kBool), y, axis.position.unsqueeze(1));
  }
  return y;
}

// Keys' kernel with a = -0.75 at t + 1, t, 1 - t and 2 - t, for t in [0, 1).
std::array<Tensor, 4> cubic_weights(const Tensor& t) {
  constexpr double a = -0.75;
  const auto near = [](const Tensor& x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  const auto far = [](const Tensor& x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  return {far(t + 1), near(t), near(1 - t), far(2 - t)};
}

// Padding is of the elements here, not of the places.
Tensor sample_cubic(const Tensor& image, const std::vector<Axis>& axes, Padding padding,
                    bool align_corners) {
  std::vector<Tensor> below;
  std::vector<std::array<Tensor, 4>> weights;
  for (const Axis& axis : axes) {
    below.push_back(axis.position.detach().floor());
    weights.push_back(cubic_weights(axis.position - below.back()));
  }
  const auto at = [&](std::size_t axis, std::size_t i) {
    return pad_position(below[axis] + (static_cast<double>(i) - 1), axes[axis].size, padding,
                        align_corners);
  };
  Tensor sum;
  for (std::size_t row = 0; row < 4; ++row) {
    for (std::size_t column = 0; column < 4; ++column) {
      const Tensor weight = weights[0][row] * weights[1][column];
      const Tensor term =
          elements_at(image, axes, {at(0, row), at(1, column)}) * weight.unsqueeze(1);
      sum = sum.defined() ? sum + term : term;
    }
  }
  return sum;
}

}  // namespace

Tensor grid_sampler(const Tensor& input, const Tensor& grid, std::int64_t interpolation_mode,
                    std::int64_t padding_mode, bool align_corners) {
  const std::int64_t spatial = input.dim() - 2;
  check(spatial == 2 || spatial == 3,
        "grid_sampler: input has shape {}, expected [N, C, H, W] or [N, C, D, H, W]",
        input.sizes().vec());
  check(grid.dim() == input.dim() && grid.size(0) == input.size(0) && grid.size(-1) == spatial,
        "grid_sampler: grid has shape {} for an input of shape {}, expected [{}, sizes..., {}]",
        grid.sizes().vec(), input.sizes().vec(), input.size(0), spatial);
  check(grid.scalar_type() == input.scalar_type(), "grid_sampler: dtypes {} and {} differ",
        dtype_name(input.scalar_type()), dtype_name(grid.scalar_type()));
  check(interpolation_mode >= 0 && interpolation_mode <= (spatial == 2 ? 2 : 1),
        "grid_sampler: interpolation mode {} for {} spatial dims, expected 0 to {}",
        interpolation_mode, spatial, spatial == 2 ? 2 : 1);
  check(padding_mode >= 0 && padding_mode <= 2, "grid_sampler: padding mode {}, expected 0 to 2",
        padding_mode);
  const auto interpolation = static_cast<Interpolation>(interpolation_mode);
  const auto padding = static_cast<Padding>(padding_mode);
  const Tensor image = input.flatten(2), places = grid.flatten(1, -2);
  std::vector<Axis> axes;
  for (std::int64_t i = 0; i < spatial; ++i) {
    const std::int64_t size = input.size(2 + i);
    check(size > 0, "grid_sampler: input has shape {}, expected no empty spatial dim",
          input.sizes().vec());
    // The last coordinate of a place is that of the outermost dim.
    const Tensor place = places.select(-1, spatial - 1 - i);
    Tensor position = align_corners ? (place + 1) * (static_cast<double>(size - 1) / 2)
                                    : ((place + 1) * static_cast<double>(size) - 1) / 2;
    if (interpolation != Interpolation::cubic) {
      position = pad_position(position, size, padding, align_corners);
    }
    axes.push_back({size, position});
  }
  const Tensor samples = interpolation == Interpolation::linear ? sample_linear(image, axes)
                         : interpolation == Interpolation::nearest
                             ? sample_nearest(image, axes)
                             : sample_cubic(image, axes, padding, align_corners);
  Dims sizes{input.size(0), input.size(1)};
  for (std::int64_t i = 0; i < spatial; ++i) sizes.push_back(grid.size(1 + i));
  return samples.reshape(sizes);
}

Tensor grid_sampler_2d(const Tensor& input, const Tensor& grid, std::int64_t interpolation_mode,
                       std::int64_t padding_mode, bool align_corners) {
  check(input.dim() == 4, "grid_sampler_2d: input has shape {}, expected [N, C, H, W]",
        input.sizes().vec());
  return grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners);
}
Tensor grid_sampler_3d(const Tensor& input, const Tensor& grid, std::int64_t interpolation_mode,
                       std::int64_t padding_mode, bool align_corners) {
  check(input.dim() == 5, "grid_sampler_3d: input has shape {}, expected [N, C, D, H, W]",
        input.sizes().vec());
  return grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners);
}

Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners) {
  const auto spatial = static_cast<std::int64_t>(size.size()) - 2;
  check(spatial == 2 || spatial == 3,
        "affine_grid_generator: size {}, expected [N, C, H, W] or [N, C, D, H, W]", size.vec());
  check(theta.dim() == 3 && theta.size(0) == size[0] && theta.size(1) == spatial &&
            theta.size(2) == spatial + 1,
        "affine_grid_generator: theta has shape {}, expected [{}, {}, {}]", theta.sizes().vec(),
        size[0], spatial, spatial + 1);
  // The coordinates of each element, x first, and 1: [H, W, 3].
  std::vector<Tensor> coordinates;
  const IntArrayRef outer = size.slice(2);
  for (std::int64_t i = spatial; i-- > 0;) {
    const std::int64_t n = outer[static_cast<std::size_t>(i)];
    Tensor line = n > 1 ? linspace(-1, 1, n, theta.scalar_type()) : theta.new_zeros({n});
    if (!align_corners) line = line * (static_cast<double>(n - 1) / static_cast<double>(n));
    std::vector<std::int64_t> shape(static_cast<std::size_t>(spatial), 1);
    shape[static_cast<std::size_t>(i)] = n;
    coordinates.push_back(line.view(shape).expand(outer));
  }
  coordinates.push_back(theta.new_ones(outer));
  const Tensor base = stack(coordinates, -1).reshape({-1, spatial + 1});
  Dims sizes{size[0]};
  for (const std::int64_t n : outer) sizes.push_back(n);
  sizes.push_back(spatial);
  return matmul(base, theta.transpose(1, 2)).view(sizes);
}

}  // namespace xgrad
