// One step of a recurrent network: RNNCell, LSTMCell and GRUCell.
//
//   xgrad::nn::GRUCell cell(28, 128);
//   xgrad::Tensor h;                                     // undefined: zeros
//   for (const auto& x : sequence) h = cell(x, h);       // x [batch, 28] -> h [batch, 128]
//
// x [batch, features] and states [batch, hidden], or of one sample [features] and [hidden].
// Parameters: weight_ih [gates * hidden, features], weight_hh [gates * hidden, hidden], bias_ih and
// bias_hh [gates * hidden]. Errors: options out of their range, shapes that do not fit.
#pragma once

#include <tuple>

#include "xgrad/nn/any_value.h"
#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/options/rnn.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

namespace detail {

template <class Derived>
class RNNCellImplBase : public Cloneable<Derived> {
 public:
  explicit RNNCellImplBase(const RNNCellOptionsBase& options_) : options_base(options_) {
    RNNCellImplBase::reset();
  }
  void reset() override;
  // Uniform within 1 / sqrt(hidden_size), all.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  RNNCellOptionsBase options_base;
  Tensor weight_ih, weight_hh;
  Tensor bias_ih, bias_hh;

 protected:
  // What is printed of a nonlinearity; "" for none.
  virtual std::string get_nonlinearity_str() const { return {}; }
  // x and the states as batches; returns whether they were.
  bool to_batch(Tensor& input, Tensor& h, Tensor& c) const;
};

}  // namespace detail

class RNNCellImpl : public detail::RNNCellImplBase<RNNCellImpl> {
 public:
  RNNCellImpl(std::int64_t input_size, std::int64_t hidden_size)
      : RNNCellImpl(RNNCellOptions(input_size, hidden_size)) {}
  explicit RNNCellImpl(const RNNCellOptions& options_);
  Tensor forward(const Tensor& input, Tensor hx = {});

  RNNCellOptions options;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
  std::string get_nonlinearity_str() const override;
};
XGRAD_MODULE(RNNCell);

// States are pairs (h, c).
class LSTMCellImpl : public detail::RNNCellImplBase<LSTMCellImpl> {
 public:
  LSTMCellImpl(std::int64_t input_size, std::int64_t hidden_size)
      : LSTMCellImpl(LSTMCellOptions(input_size, hidden_size)) {}
  explicit LSTMCellImpl(const LSTMCellOptions& options_);
  std::tuple<Tensor, Tensor> forward(const Tensor& input,
                                     optional<std::tuple<Tensor, Tensor>> hx_opt = {});

  LSTMCellOptions options;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(optional<std::tuple<Tensor, Tensor>>())})
};
XGRAD_MODULE(LSTMCell);

class GRUCellImpl : public detail::RNNCellImplBase<GRUCellImpl> {
 public:
  GRUCellImpl(std::int64_t input_size, std::int64_t hidden_size)
      : GRUCellImpl(GRUCellOptions(input_size, hidden_size)) {}
  explicit GRUCellImpl(const GRUCellOptions& options_);
  Tensor forward(const Tensor& input, Tensor hx = {});

  GRUCellOptions options;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
};
XGRAD_MODULE(GRUCell);

}  // namespace xgrad::nn
