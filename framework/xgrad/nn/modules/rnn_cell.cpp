#include "xgrad/nn/modules/rnn_cell.h"

#include <cmath>
#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/init.h"
#include "xgrad/nn/modules/print.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/recurrent.h"

namespace xgrad::nn {

namespace detail {
namespace {

const char* name_of(const RNNCellOptionsBase& options) {
  return options.num_chunks() == 4 ? "LSTMCell" : options.num_chunks() == 3 ? "GRUCell" : "RNNCell";
}

void check_state(const RNNCellOptionsBase& o, const char* which, const Tensor& input,
                 const Tensor& state) {
  if (!state.defined()) return;
  Dims expected(input.sizes());
  expected.back() = o.hidden_size();
  check(state.sizes() == IntArrayRef(expected), "{}: {} has shape {}, expected {}", name_of(o),
        which, state.sizes().vec(), IntArrayRef(expected).vec());
}

}  // namespace

template <class Derived>
void RNNCellImplBase<Derived>::reset() {
  const RNNCellOptionsBase& o = options_base;
  check(o.input_size() >= 0, "{}: input_size is {}, expected no negative number", name_of(o),
        o.input_size());
  check(o.hidden_size() > 0, "{}: hidden_size is {}, expected at least 1", name_of(o),
        o.hidden_size());
  const std::int64_t gates = o.num_chunks() * o.hidden_size();
  weight_ih = this->register_parameter("weight_ih", empty({gates, o.input_size()}));
  weight_hh = this->register_parameter("weight_hh", empty({gates, o.hidden_size()}));
  const auto bias = [&](const char* name) {
    return o.bias() ? this->register_parameter(name, empty({gates}))
                    : this->register_parameter(name, {}, false);
  };
  bias_ih = bias("bias_ih");
  bias_hh = bias("bias_hh");
  reset_parameters();
}

template <class Derived>
void RNNCellImplBase<Derived>::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& weight : this->parameters()) init::uniform_(weight, -bound, bound);
}

template <class Derived>
void RNNCellImplBase<Derived>::pretty_print(std::ostream& stream) const {
  const RNNCellOptionsBase& o = options_base;
  const std::string nonlinearity = get_nonlinearity_str();
  print_layer(
      stream, name_of(o), field("", o.input_size()), field("", o.hidden_size()),
      field("bias", o.bias(), !o.bias()),
      field("nonlinearity", nonlinearity, !nonlinearity.empty() && nonlinearity != "kTanh"));
}

template <class Derived>
bool RNNCellImplBase<Derived>::to_batch(Tensor& input, Tensor& h, Tensor& c) const {
  const RNNCellOptionsBase& o = options_base;
  check((input.dim() == 1 || input.dim() == 2) && input.size(-1) == o.input_size(),
        "{}: input has shape {}, expected [batch, {}] or [{}]", name_of(o), input.sizes().vec(),
        o.input_size(), o.input_size());
  check_state(o, "h", input, h);
  check_state(o, "c", input, c);
  if (input.dim() == 2) return true;
  for (Tensor* tensor : {&input, &h, &c}) {
    if (tensor->defined()) *tensor = tensor->unsqueeze(0);
  }
  return false;
}

template class RNNCellImplBase<RNNCellImpl>;
template class RNNCellImplBase<LSTMCellImpl>;
template class RNNCellImplBase<GRUCellImpl>;

}  // namespace detail

RNNCellImpl::RNNCellImpl(const RNNCellOptions& options_)
    : detail::RNNCellImplBase<RNNCellImpl>(detail::RNNCellOptionsBase(
          options_.input_size(), options_.hidden_size(), options_.bias(), 1)),
      options(options_) {}

std::string RNNCellImpl::get_nonlinearity_str() const {
  return enumtype::get_enum_name(options.nonlinearity());
}

Tensor RNNCellImpl::forward(const Tensor& input, Tensor hx) {
  Tensor x = input, none;
  const bool batched = to_batch(x, hx, none);
  const bool relu = std::holds_alternative<enumtype::kReLU>(options.nonlinearity());
  const Tensor h = relu ? rnn_relu_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh)
                        : rnn_tanh_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh);
  return batched ? h : h.squeeze(0);
}

LSTMCellImpl::LSTMCellImpl(const LSTMCellOptions& options_)
    : detail::RNNCellImplBase<LSTMCellImpl>(detail::RNNCellOptionsBase(
          options_.input_size(), options_.hidden_size(), options_.bias(), 4)),
      options(options_) {}

std::tuple<Tensor, Tensor> LSTMCellImpl::forward(const Tensor& input,
                                                 optional<std::tuple<Tensor, Tensor>> hx_opt) {
  Tensor x = input, states[2];
  if (hx_opt) std::tie(states[0], states[1]) = *hx_opt;
  const bool batched = to_batch(x, states[0], states[1]);
  const auto [h, c] = lstm_cell(x, TensorList(states, 2), weight_ih, weight_hh, bias_ih, bias_hh);
  if (batched) return {h, c};
  return {h.squeeze(0), c.squeeze(0)};
}

GRUCellImpl::GRUCellImpl(const GRUCellOptions& options_)
    : detail::RNNCellImplBase<GRUCellImpl>(detail::RNNCellOptionsBase(
          options_.input_size(), options_.hidden_size(), options_.bias(), 3)),
      options(options_) {}

Tensor GRUCellImpl::forward(const Tensor& input, Tensor hx) {
  Tensor x = input, none;
  const bool batched = to_batch(x, hx, none);
  const Tensor h = gru_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh);
  return batched ? h : h.squeeze(0);
}

}  // namespace xgrad::nn
