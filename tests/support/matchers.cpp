#include "support/matchers.h"

#include <cmath>
#include <cstring>

#include "xgrad/core/format.h"

namespace xgrad::testing {
namespace {

std::string shapes_differ(const Tensor& actual, const Tensor& expected) {
  return fmt::format("has shape {}, expected {}", actual.sizes().vec(), expected.sizes().vec());
}

}  // namespace

bool Near::match(const Tensor& actual) const {
  if (actual.sizes() != expected_.sizes()) {
    difference_ = shapes_differ(actual, expected_);
    return false;
  }
  const Tensor x = actual.detach().to(kDouble).contiguous(),
               e = expected_.detach().to(kDouble).contiguous();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double a = x.data_ptr<double>()[i], b = e.data_ptr<double>()[i];
    if (a == b || (std::isnan(a) && std::isnan(b))) continue;
    if (!(std::fabs(a - b) <= tolerance_ * std::max(1.0, std::fabs(b)))) {
      difference_ =
          fmt::format("element {} is {}, expected {} (tolerance {})", i, a, b, tolerance_);
      return false;
    }
  }
  return true;
}

bool Identical::match(const Tensor& actual) const {
  if (actual.sizes() != expected_.sizes() || actual.scalar_type() != expected_.scalar_type()) {
    difference_ = shapes_differ(actual, expected_) +
                  fmt::format(" ({}, {})", dtype_name(actual.scalar_type()),
                              dtype_name(expected_.scalar_type()));
    return false;
  }
  const Tensor x = actual.detach().contiguous(), e = expected_.detach().contiguous();
  const std::size_t size = x.element_size();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const std::size_t place = static_cast<std::size_t>(i) * size;
    if (std::memcmp(static_cast<const char*>(x.data_ptr()) + place,
                    static_cast<const char*>(e.data_ptr()) + place, size) != 0) {
      difference_ = fmt::format("element {} differs in its bits", i);
      return false;
    }
  }
  return true;
}

}  // namespace xgrad::testing
