#include "xgrad/nn/functional/vision.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/grid_sample.h"

namespace xgrad::nn::functional {

Tensor affine_grid(const Tensor& theta, IntArrayRef size, bool align_corners) {
  check(theta.is_floating_point(), "affine_grid: theta is {}, expected a floating dtype",
        dtype_name(theta.scalar_type()));
  for (const std::int64_t n : size) {
    check(n > 0, "affine_grid: size {}, expected at least 1 everywhere", size.vec());
  }
  return affine_grid_generator(theta, size, align_corners);
}

// The variants are in the order of the numbers of grid_sampler().
Tensor grid_sample(const Tensor& input, const Tensor& grid, const GridSampleFuncOptions& options) {
  return grid_sampler(input, grid, static_cast<std::int64_t>(options.mode().index()),
                      static_cast<std::int64_t>(options.padding_mode().index()),
                      options.align_corners().value_or(false));
}

}  // namespace xgrad::nn::functional
