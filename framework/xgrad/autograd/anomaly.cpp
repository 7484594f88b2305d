#include "xgrad/autograd/anomaly.h"

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/autograd/node.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {

void AnomalyMode::set_enabled(bool enabled, bool check_nan) {
  enabled_.store(enabled, std::memory_order_relaxed);
  checks_nan_.store(check_nan, std::memory_order_relaxed);
}

DetectAnomalyGuard::DetectAnomalyGuard(bool check_nan)
    : enabled_before_(AnomalyMode::is_enabled()), checked_before_(AnomalyMode::should_check_nan()) {
  AnomalyMode::set_enabled(true, check_nan);
}
DetectAnomalyGuard::~DetectAnomalyGuard() {
  AnomalyMode::set_enabled(enabled_before_, checked_before_);
}

namespace anomaly {
namespace {

thread_local std::string current_place;

// "; the op was recorded in Net.fc", or nothing where no module was being called.
std::string told(const Node& node) {
  return node.place().empty() ? "" : fmt::format("; the op was recorded in {}", node.place());
}

}  // namespace

Place::Place(std::string place) : before_(std::exchange(current_place, std::move(place))) {}
Place::~Place() { current_place = std::move(before_); }

const std::string& place() { return current_place; }

std::string backward_of(const Node& node) {
  return fmt::format("the backward of {}{}", node.name(),
                     node.place().empty() ? "" : ", which was recorded in " + node.place());
}

void inspect(const Node& node, std::size_t input, const Tensor& gradient) {
  if (!gradient.is_floating_point()) return;
  const NoGradGuard no_grad;
  const auto count = gradient.isnan().sum().item<std::int64_t>();
  check(
      count == 0,
      "backward: the gradient of input {} of {} has NaN values ({} of {}, {} {}), expected none{}",
      input, node.name(), count, gradient.numel(), dtype_name(gradient.scalar_type()),
      gradient.sizes(), told(node));
}

void explain(const Node& node, const Error& error) {
  if (node.place().empty() || dynamic_cast<const IndexError*>(&error) != nullptr) throw;
  fail("{}{}", error.what(), told(node));
}

}  // namespace anomaly
}  // namespace xgrad::autograd
