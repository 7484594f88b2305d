// What the optimizers' steps share: a parameter, its gradient and its states as dense runs of one
// layout, cut into pieces for the threads. Private to optim's sources.
#pragma once

#include <initializer_list>

#include "xgrad/core/parallel.h"
#include "xgrad/core/tensor.h"

namespace xgrad::optim::detail {

// A new uninitialized tensor of the parameter's shape and dtype,
// in its memory order if that is dense.
Tensor dense_like(const Tensor& parameter);
// The same, filled; what a state begins with.
Tensor new_state(const Tensor& parameter, double value = 0);

class Update {
 public:
  static constexpr int kMaxStates = 3;

  // A gradient or state of another layout or dtype is copied to the parameter's; so is a parameter
  // with gaps, which finish() writes back. Errors: dtype or shapes that do not fit; they begin with
  // the optimizer's name.
  Update(const char* optimizer, const Tensor& parameter, std::initializer_list<Tensor*> states);

  // kernels: for float32 and float64.
  template <class Kernel, class Rule>
  void run(const Kernel (&kernels)[2], const Rule& rule) {
    const Kernel kernel = kernels[element_ == sizeof(double)];
    parallel_for(0, work_.numel(), kGrain, [&](std::int64_t first, std::int64_t last) {
      const std::size_t offset = element_ * static_cast<std::size_t>(first);
      void* states[kMaxStates] = {};
      for (int k = 0; k < count_; ++k) states[k] = static_cast<char*>(states_[k]) + offset;
      kernel(last - first, static_cast<char*>(work_.data_ptr()) + offset,
             static_cast<const char*>(gradient_.data_ptr()) + offset, states, count_, rule);
    });
    finish();
  }

 private:
  // A piece is small enough for its arrays to stay in the second-level cache.
  static constexpr std::int64_t kGrain = 16384;

  void finish();

  const Tensor& parameter_;
  Tensor work_;  // the parameter itself, or a dense copy
  Tensor gradient_;
  void* states_[kMaxStates] = {};
  int count_ = 0;
  std::size_t element_;
};

}  // namespace xgrad::optim::detail
