#include "xgrad/nn/init.h"

#include <cmath>
#include <numbers>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/nn/orthogonal.h"
#include "xgrad/ops/random.h"

namespace xgrad::nn::init {
namespace {

double kaiming_std(const Tensor& tensor, double a, FanModeType mode,
                   NonlinearityType nonlinearity) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  const auto fan = std::holds_alternative<enumtype::kFanIn>(mode) ? fan_in : fan_out;
  return calculate_gain(nonlinearity, a) / std::sqrt(static_cast<double>(fan));
}

double xavier_std(const Tensor& tensor, double gain) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return gain * std::sqrt(2.0 / static_cast<double>(fan_in + fan_out));
}

// The bound of a uniform distribution of that standard deviation.
double bound_of(double std) { return std::sqrt(3.0) * std; }

void check_rank(const char* op, const Tensor& tensor, std::int64_t least, std::int64_t most) {
  check(tensor.dim() >= least && tensor.dim() <= most,
        "{}: the tensor is {}, expected {} dimensions", op, shape_text(tensor.sizes()),
        least == most ? fmt::to_string(least) : fmt::format("{} to {}", least, most));
}

}  // namespace

double calculate_gain(NonlinearityType nonlinearity, double param) {
  return std::visit(
      [param](auto kind) {
        using Kind = decltype(kind);
        if constexpr (std::is_same_v<Kind, enumtype::kTanh>) {
          return 5.0 / 3.0;
        } else if constexpr (std::is_same_v<Kind, enumtype::kReLU>) {
          return std::numbers::sqrt2;
        } else if constexpr (std::is_same_v<Kind, enumtype::kLeakyReLU>) {
          return std::sqrt(2.0 / (1.0 + param * param));
        } else {
          return 1.0;
        }
      },
      nonlinearity);
}

std::tuple<std::int64_t, std::int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  check(tensor.dim() >= 2,
        "fan in and fan out: the tensor is {}, expected at least 2 dimensions [out, in, ...]",
        shape_text(tensor.sizes()));
  std::int64_t kernel = 1;
  for (std::int64_t i = 2; i < tensor.dim(); ++i) kernel *= tensor.size(i);
  return {tensor.size(1) * kernel, tensor.size(0) * kernel};
}

Tensor constant_(Tensor tensor, Scalar value) {
  const NoGradGuard no_grad;
  return tensor.fill_(value);
}

Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }
Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }

Tensor eye_(Tensor matrix) {
  check_rank("eye_", matrix, 2, 2);
  const NoGradGuard no_grad;
  matrix.zero_();
  matrix.diagonal().fill_(1);
  return matrix;
}

Tensor dirac_(Tensor tensor, std::int64_t groups) {
  check_rank("dirac_", tensor, 3, 5);
  check(groups > 0 && tensor.size(0) % groups == 0,
        "dirac_: {} output channels are not divisible by {} groups", tensor.size(0), groups);
  const NoGradGuard no_grad;
  tensor.zero_();
  const std::int64_t per_group = tensor.size(0) / groups;
  for (std::int64_t group = 0; group < groups; ++group) {
    for (std::int64_t i = 0; i < std::min(per_group, tensor.size(1)); ++i) {
      Tensor kernel = tensor.select(0, group * per_group + i).select(0, i);
      while (kernel.dim() > 0) kernel = kernel.select(0, kernel.size(0) / 2);
      kernel.fill_(1);
    }
  }
  return tensor;
}

Tensor uniform_(Tensor tensor, double low, double high) {
  const NoGradGuard no_grad;
  return tensor.uniform_(low, high);
}

Tensor normal_(Tensor tensor, double mean, double std) {
  const NoGradGuard no_grad;
  return tensor.normal_(mean, std);
}

Tensor trunc_normal_(Tensor tensor, double mean, double std, double a, double b) {
  check(a <= b && std > 0, "trunc_normal_: [{}, {}] with std {}, expected a <= b and std > 0", a, b,
        std);
  const auto cumulative = [&](double x) {
    return (1 + std::erf((x - mean) / std / std::numbers::sqrt2)) / 2;
  };
  const NoGradGuard no_grad;
  tensor.uniform_(2 * cumulative(a) - 1, 2 * cumulative(b) - 1);
  tensor.erfinv_();
  tensor.mul_(std * std::numbers::sqrt2);
  tensor.add_(mean);
  return tensor.clamp_(a, b);
}

Tensor xavier_uniform_(Tensor tensor, double gain) {
  const double bound = bound_of(xavier_std(tensor, gain));
  return tensor.numel() == 0 ? tensor : uniform_(tensor, -bound, bound);
}

Tensor xavier_normal_(Tensor tensor, double gain) {
  const double std = xavier_std(tensor, gain);
  return tensor.numel() == 0 ? tensor : normal_(tensor, 0, std);
}

Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  if (tensor.numel() == 0) return tensor;
  const double bound = bound_of(kaiming_std(tensor, a, mode, nonlinearity));
  return uniform_(tensor, -bound, bound);
}

Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  if (tensor.numel() == 0) return tensor;
  return normal_(tensor, 0, kaiming_std(tensor, a, mode, nonlinearity));
}

Tensor orthogonal_(Tensor tensor, double gain) {
  check(tensor.dim() >= 2, "orthogonal_: the tensor is {}, expected at least 2 dimensions",
        shape_text(tensor.sizes()));
  const NoGradGuard no_grad;
  if (tensor.numel() == 0) return tensor;
  const std::int64_t rows = tensor.size(0), columns = tensor.numel() / rows;
  // Drawn in the default dtype for tensors of all dtypes, as in PyTorch.
  const Tensor random = randn({rows, columns}).to(kDouble);
  const Tensor q =
      rows < columns ? orthonormal_columns(random.t()).t() : orthonormal_columns(random);
  tensor.copy_(q.reshape(tensor.sizes()));
  return tensor.mul_(gain);
}

Tensor sparse_(Tensor tensor, double sparsity, double std) {
  check_rank("sparse_", tensor, 2, 2);
  check(sparsity >= 0 && sparsity <= 1, "sparse_: sparsity is {}, expected 0 to 1", sparsity);
  const NoGradGuard no_grad;
  tensor.normal_(0, std);
  const std::int64_t rows = tensor.size(0);
  const auto zeros = static_cast<std::int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  for (std::int64_t column = 0; column < tensor.size(1); ++column) {
    const Tensor order = randperm(rows);
    const Tensor values = tensor.select(1, column);
    for (std::int64_t i = 0; i < zeros; ++i) {
      values.select(0, order.data_ptr<std::int64_t>()[i]).fill_(0);
    }
  }
  return tensor;
}

}  // namespace xgrad::nn::init
