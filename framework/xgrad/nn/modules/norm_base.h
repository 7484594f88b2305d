// NormImplBase: parameters and buffers that batch and instance normalization share.
#pragma once

#include <cstddef>

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// What a layer of `features` channels registers, out of line for all instances.
class NormState : public virtual Module {
 public:
  // Running statistics back to mean 0, variance 1.
  void reset_running_stats();
  // The same, and weight 1, bias 0.
  void reset_parameters();

  Tensor weight, bias;               // [C], undefined unless affine
  Tensor running_mean, running_var;  // [C] buffers, undefined unless track_running_stats
  Tensor num_batches_tracked;        // [], int64: the batches seen in training

 protected:
  void register_state(std::int64_t features, bool affine, bool track_running_stats);
};

template <std::size_t D, class Derived, class DerivedOptions>
class NormImplBase : public Cloneable<Derived>, public NormState {
 public:
  NormImplBase(const DerivedOptions& options_) : options(options_) { NormImplBase::reset(); }
  void reset() override {
    register_state(options.num_features(), options.affine(), options.track_running_stats());
  }

  DerivedOptions options;

 protected:
  // Errors: a number of dims that is not D's.
  virtual void _check_input_dim(const Tensor& input) = 0;
};

}  // namespace xgrad::nn
