// Anomaly mode: backward stops with an Error at the first NaN that an op's gradient brings, and
// every Error of a backward says in which module the op at fault was recorded.
//
//   {
//     xgrad::autograd::DetectAnomalyGuard detect;
//     net(x).sum().backward();
//   }
//   // backward: the gradient of input 0 of LogBackward0 has NaN values (1 of 6, float32 [2, 3]);
//   // the op was recorded in Net.head.1 (LogImpl)
//
// The place is where the forward ran: the module that was being called through its holder, a
// Sequential or an AnyModule, by its registered name from the outermost such call on.
// Source: https://pytorch.org/docs/stable/autograd.html#anomaly-detection.
#pragma once

#include <atomic>
#include <string>

namespace xgrad {
class Error;
class Tensor;
}  // namespace xgrad

namespace xgrad::autograd {

class Node;

// On or off, for all threads. Without `check_nan` gradients are not looked at;
// Errors still name places.
struct AnomalyMode {
  static bool is_enabled() { return enabled_.load(std::memory_order_relaxed); }
  static bool should_check_nan() { return checks_nan_.load(std::memory_order_relaxed); }
  static void set_enabled(bool enabled, bool check_nan = true);

 private:
  static inline constinit std::atomic<bool> enabled_ = false, checks_nan_ = true;
};

// On until the end of its scope.
class DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool check_nan = true);
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;
  ~DetectAnomalyGuard();

  // The same without a scope.
  static bool is_enabled() { return AnomalyMode::is_enabled(); }
  static void set_enabled(bool enabled) { AnomalyMode::set_enabled(enabled); }

 private:
  bool enabled_before_, checked_before_;
};

namespace anomaly {

// Where ops of this thread are recorded until the end of the scope; nodes made meanwhile keep it.
class Place {
 public:
  explicit Place(std::string place);
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place();

 private:
  std::string before_;
};
// Empty outside of all.
const std::string& place();
// "the backward of SinBackward0, which was recorded in Net.fc": the place of what a node records.
std::string backward_of(const Node& node);

// Errors: `gradient`, which the node gives its input `input`, has NaNs.
void inspect(const Node& node, std::size_t input, const Tensor& gradient);
// Throws the error again, with the place of the node that it came from.
[[noreturn]] void explain(const Node& node, const Error& error);

}  // namespace anomaly
}  // namespace xgrad::autograd
