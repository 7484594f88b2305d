#include "xgrad/nn/modules/rnn.h"

#include <cmath>
#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/kernels/recurrent.h"
#include "xgrad/nn/init.h"
#include "xgrad/nn/modules/print.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/recurrent_check.h"
#include "xgrad/ops/recurrent_network.h"

namespace xgrad::nn {

using kernels::Recurrence;
using utils::rnn::PackedSequence;

namespace detail {
namespace {

Recurrence kind_of(const RNNOptionsBase& options) {
  constexpr Recurrence kinds[] = {Recurrence::lstm, Recurrence::gru, Recurrence::rnn_tanh,
                                  Recurrence::rnn_relu};  // as the variant's
  return kinds[options.mode().index()];
}

const char* name_of(const RNNOptionsBase& options) {
  constexpr const char* names[] = {"LSTM", "GRU", "RNN", "RNN"};
  return names[options.mode().index()];
}

std::int64_t directions(const RNNOptionsBase& o) { return o.bidirectional() ? 2 : 1; }
std::int64_t state_size(const RNNOptionsBase& o) {
  return o.proj_size() > 0 ? o.proj_size() : o.hidden_size();
}

void check_options(const RNNOptionsBase& o) {
  const char* name = name_of(o);
  check(o.input_size() >= 0, "{}: input_size is {}, expected no negative number", name,
        o.input_size());
  check(o.hidden_size() > 0, "{}: hidden_size is {}, expected at least 1", name, o.hidden_size());
  check(o.num_layers() > 0, "{}: num_layers is {}, expected at least 1", name, o.num_layers());
  check(o.dropout() >= 0 && o.dropout() <= 1, "{}: dropout is {}, expected 0..1", name,
        o.dropout());
  check(o.proj_size() >= 0 && o.proj_size() < o.hidden_size(),
        "{}: proj_size is {}, expected 0 (no projection) or less than the hidden size {}", name,
        o.proj_size(), o.hidden_size());
}

// leading: the dims before the size.
void check_state(const RNNOptionsBase& o, const char* which, const Tensor& state, Dims leading,
                 std::int64_t size) {
  if (!state.defined()) return;
  leading.push_back(size);
  check(state.sizes() == IntArrayRef(leading), "{}: {} has shape {}, expected {}", name_of(o),
        which, state.sizes().vec(), IntArrayRef(leading).vec());
}

void check_states(const RNNOptionsBase& o, const RNNStates& states, const Dims& leading) {
  check_state(o, "h", states.h, leading, state_size(o));
  check_state(o, "c", states.c, leading, o.hidden_size());
}

Tensor permuted(const Tensor& states, const Tensor& order) {
  return states.defined() && order.defined() ? states.index_select(1, order) : states;
}

}  // namespace

template <class Derived>
void RNNImplBase<Derived>::reset() {
  const RNNOptionsBase& o = options_base;
  check_options(o);
  const std::int64_t n = o.hidden_size(), p = state_size(o), g = kernels::gates_of(kind_of(o)) * n;
  flat_weights_names_.clear();
  const auto add = [&](const char* name, const std::string& suffix, IntArrayRef sizes) {
    flat_weights_names_.push_back(name + suffix);
    this->register_parameter(flat_weights_names_.back(), empty(sizes));
  };
  for (std::int64_t layer = 0; layer < o.num_layers(); ++layer) {
    const std::int64_t features = layer == 0 ? o.input_size() : p * directions(o);
    for (std::int64_t direction = 0; direction < directions(o); ++direction) {
      const std::string suffix = fmt::format("_l{}{}", layer, direction == 0 ? "" : "_reverse");
      add("weight_ih", suffix, {g, features});
      add("weight_hh", suffix, {g, p});
      if (o.bias()) add("bias_ih", suffix, {g});
      if (o.bias()) add("bias_hh", suffix, {g});
      if (o.proj_size() > 0) add("weight_hr", suffix, {p, n});
    }
  }
  reset_parameters();
}

template <class Derived>
void RNNImplBase<Derived>::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& weight : this->parameters()) init::uniform_(weight, -bound, bound);
}

template <class Derived>
void RNNImplBase<Derived>::pretty_print(std::ostream& stream) const {
  const RNNOptionsBase& o = options_base;
  print_layer(stream, name_of(o), field("input_size", o.input_size()),
              field("hidden_size", o.hidden_size()), field("num_layers", o.num_layers()),
              field("bias", o.bias()), field("batch_first", o.batch_first()),
              field("dropout", o.dropout()), field("bidirectional", o.bidirectional()),
              field("proj_size", o.proj_size(), o.proj_size() > 0));
}

template <class Derived>
std::vector<Tensor> RNNImplBase<Derived>::all_weights() const {
  std::vector<Tensor> weights;
  for (const std::string& name : flat_weights_names_) weights.push_back(this->parameters_[name]);
  return weights;
}

template <class Derived>
template <class F>
auto RNNImplBase<Derived>::call(const RNNStates& first, const F& f) const {
  const RNNOptionsBase& o = options_base;
  const std::vector<Tensor> weights = all_weights();
  return f(RecurrentCall{name_of(o), kind_of(o), first.h, first.c, weights, o.bias(),
                         o.proj_size() > 0, o.num_layers(), o.dropout(), this->is_training(),
                         o.bidirectional()});
}

template <class Derived>
auto RNNImplBase<Derived>::run(const Tensor& input, RNNStates states) const
    -> std::tuple<Tensor, RNNStates> {
  const RNNOptionsBase& o = options_base;
  check((input.dim() == 2 || input.dim() == 3) && input.size(-1) == o.input_size(),
        "{}: input has shape {}, expected {}, {}] or [time, {}]", name_of(o), input.sizes().vec(),
        o.batch_first() ? "[batch, time" : "[time, batch", o.input_size(), o.input_size());
  const bool batched = input.dim() == 3;
  const std::int64_t batch_dim = o.batch_first() ? 0 : 1;
  Dims leading{o.num_layers() * directions(o)};
  if (batched) leading.push_back(input.size(batch_dim));
  check_states(o, states, leading);
  // One sequence without a batch is a batch of one.
  if (!batched && states.h.defined()) states.h = states.h.unsqueeze(1);
  if (!batched && states.c.defined()) states.c = states.c.unsqueeze(1);
  const Tensor x = batched ? input : input.unsqueeze(batch_dim);
  const RecurrentResult out =
      call(states, [&](const RecurrentCall& call) { return run_padded(call, x, o.batch_first()); });
  if (batched) return {out.y, {out.h, out.c}};
  return {out.y.squeeze(batch_dim), {out.h.squeeze(1), out.c.defined() ? out.c.squeeze(1) : out.c}};
}

template <class Derived>
auto RNNImplBase<Derived>::run(const PackedSequence& input, RNNStates states) const
    -> std::tuple<PackedSequence, RNNStates> {
  const RNNOptionsBase& o = options_base;
  const Tensor& x = input.data();
  check(x.defined() && x.dim() == 2 && x.size(1) == o.input_size(),
        "{}: the packed data has shape {}, expected [rows, {}]", name_of(o),
        x.defined() ? x.sizes().vec() : std::vector<std::int64_t>(), o.input_size());
  const std::int64_t batch =
      checked_batch_sizes(name_of(o), input.batch_sizes(), x.size(0)).front();
  check_states(o, states, {o.num_layers() * directions(o), batch});
  states = {permuted(states.h, input.sorted_indices()), permuted(states.c, input.sorted_indices())};
  const RecurrentResult out = call(
      states, [&](const RecurrentCall& call) { return run_packed(call, x, input.batch_sizes()); });
  return {
      PackedSequence(out.y, input.batch_sizes(), input.sorted_indices(), input.unsorted_indices()),
      {permuted(out.h, input.unsorted_indices()), permuted(out.c, input.unsorted_indices())}};
}

template class RNNImplBase<RNNImpl>;
template class RNNImplBase<LSTMImpl>;
template class RNNImplBase<GRUImpl>;

// The options that all three have.
template <class Options>
RNNOptionsBase base_options(RNNOptionsBase::rnn_options_base_mode_t mode, const Options& options) {
  return RNNOptionsBase(mode, options.input_size(), options.hidden_size())
      .num_layers(options.num_layers())
      .bias(options.bias())
      .batch_first(options.batch_first())
      .dropout(options.dropout())
      .bidirectional(options.bidirectional());
}

RNNOptionsBase base_options(const RNNOptions& options) {
  if (std::holds_alternative<enumtype::kReLU>(options.nonlinearity())) {
    return base_options(kRNN_RELU, options);
  }
  return base_options(kRNN_TANH, options);
}

}  // namespace detail

RNNImpl::RNNImpl(const RNNOptions& options_)
    : detail::RNNImplBase<RNNImpl>(detail::base_options(options_)), options(options_) {}

std::tuple<Tensor, Tensor> RNNImpl::forward(const Tensor& input, Tensor hx) {
  const auto [y, last] = run(input, {hx, {}});
  return {y, last.h};
}

std::tuple<PackedSequence, Tensor> RNNImpl::forward_with_packed_input(
    const PackedSequence& packed_input, Tensor hx) {
  const auto [y, last] = run(packed_input, {hx, {}});
  return {y, last.h};
}

LSTMImpl::LSTMImpl(const LSTMOptions& options_)
    : detail::RNNImplBase<LSTMImpl>(
          detail::base_options(kLSTM, options_).proj_size(options_.proj_size())),
      options(options_) {}

namespace {

detail::RNNStates states_of(const optional<std::tuple<Tensor, Tensor>>& hx) {
  if (!hx) return {};
  return {std::get<0>(*hx), std::get<1>(*hx)};
}

}  // namespace

std::tuple<Tensor, std::tuple<Tensor, Tensor>> LSTMImpl::forward(
    const Tensor& input, optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [y, last] = run(input, states_of(hx_opt));
  return {y, {last.h, last.c}};
}

std::tuple<PackedSequence, std::tuple<Tensor, Tensor>> LSTMImpl::forward_with_packed_input(
    const PackedSequence& packed_input, optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [y, last] = run(packed_input, states_of(hx_opt));
  return {y, {last.h, last.c}};
}

GRUImpl::GRUImpl(const GRUOptions& options_)
    : detail::RNNImplBase<GRUImpl>(detail::base_options(kGRU, options_)), options(options_) {}

std::tuple<Tensor, Tensor> GRUImpl::forward(const Tensor& input, Tensor hx) {
  const auto [y, last] = run(input, {hx, {}});
  return {y, last.h};
}

std::tuple<PackedSequence, Tensor> GRUImpl::forward_with_packed_input(
    const PackedSequence& packed_input, Tensor hx) {
  const auto [y, last] = run(packed_input, {hx, {}});
  return {y, last.h};
}

}  // namespace xgrad::nn
