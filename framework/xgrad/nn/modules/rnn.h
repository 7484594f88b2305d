// Recurrent networks: RNN, LSTM and GRU, stacks of layers over whole sequences. See
// ops/recurrent.h for the formulas' sources.
//
//   xgrad::nn::LSTM lstm(xgrad::nn::LSTMOptions(28, 128).num_layers(2).batch_first(true));
//   auto [y, state] = lstm(x);                        // x [batch, time, 28], y [batch, time, 128]
//   auto [h, c] = state;                              // [2, batch, 128]
//   auto [z, next] = lstm(x, state);
//   auto [packed_y, last] = lstm->forward_with_packed_input(packed);   // see nn/utils/rnn.h
//
// x [time, batch, features], [batch, time, features] if batch_first, or of one sequence
// [time, features]. Returns y [time, batch, directions * hidden] and the last states
// [layers * directions, batch, hidden], without the batch where x has none. States are zeros at
// first where none are given. Parameters are, of each layer k, weight_ih_lk, weight_hh_lk,
// bias_ih_lk, bias_hh_lk and (where an LSTM projects) weight_hr_lk, then of its reverse direction
// the same with "_reverse" appended. Errors: options out of their range, shapes that do not fit, no
// steps.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "xgrad/nn/any_value.h"
#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/options/rnn.h"
#include "xgrad/nn/pimpl.h"
#include "xgrad/nn/utils/rnn.h"

namespace xgrad::nn {

namespace detail {

// c is undefined but for the LSTM.
struct RNNStates {
  Tensor h, c;
};

template <class Derived>
class RNNImplBase : public Cloneable<Derived> {
 public:
  explicit RNNImplBase(const RNNOptionsBase& options_) : options_base(options_) {
    RNNImplBase::reset();
  }
  void reset() override;
  // Uniform within 1 / sqrt(hidden_size), all.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  // In the order of registration.
  std::vector<Tensor> all_weights() const;
  // Kept for programs that call it: weights need not lie together, each call packs them.
  void flatten_parameters() {}

  RNNOptionsBase options_base;

 protected:
  std::tuple<Tensor, RNNStates> run(const Tensor& input, RNNStates states) const;
  std::tuple<utils::rnn::PackedSequence, RNNStates> run(const utils::rnn::PackedSequence& input,
                                                        RNNStates states) const;

  std::vector<std::string> flat_weights_names_;

 private:
  template <class F>
  auto call(const RNNStates& first, const F& f) const;
};

}  // namespace detail

// h = tanh(w_ih x + b_ih + w_hh h + b_hh), or relu. Source: Elman, 1990.
class RNNImpl : public detail::RNNImplBase<RNNImpl> {
 public:
  RNNImpl(std::int64_t input_size, std::int64_t hidden_size)
      : RNNImpl(RNNOptions(input_size, hidden_size)) {}
  explicit RNNImpl(const RNNOptions& options_);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  // hx has the sequences in the order in which they were packed, as has the state returned.
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});

  RNNOptions options;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
};
XGRAD_MODULE(RNN);

// States are pairs (h, c); with proj_size h has that size instead of hidden_size.
class LSTMImpl : public detail::RNNImplBase<LSTMImpl> {
 public:
  LSTMImpl(std::int64_t input_size, std::int64_t hidden_size)
      : LSTMImpl(LSTMOptions(input_size, hidden_size)) {}
  explicit LSTMImpl(const LSTMOptions& options_);
  std::tuple<Tensor, std::tuple<Tensor, Tensor>> forward(
      const Tensor& input, optional<std::tuple<Tensor, Tensor>> hx_opt = {});
  std::tuple<utils::rnn::PackedSequence, std::tuple<Tensor, Tensor>> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input,
      optional<std::tuple<Tensor, Tensor>> hx_opt = {});

  LSTMOptions options;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(optional<std::tuple<Tensor, Tensor>>())})
};
XGRAD_MODULE(LSTM);

class GRUImpl : public detail::RNNImplBase<GRUImpl> {
 public:
  GRUImpl(std::int64_t input_size, std::int64_t hidden_size)
      : GRUImpl(GRUOptions(input_size, hidden_size)) {}
  explicit GRUImpl(const GRUOptions& options_);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});

  GRUOptions options;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())})
};
XGRAD_MODULE(GRU);

}  // namespace xgrad::nn
