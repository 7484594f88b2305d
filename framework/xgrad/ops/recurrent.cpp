#include "xgrad/ops/recurrent.h"

#include "xgrad/core/format.h"
#include "xgrad/kernels/recurrent.h"
#include "xgrad/ops/optional_tensor.h"
#include "xgrad/ops/recurrent_check.h"
#include "xgrad/ops/recurrent_layer.h"
#include "xgrad/ops/recurrent_network.h"

namespace xgrad {

using kernels::Recurrence;

namespace {

RecurrentState pair_of(const char* op, TensorList hx) {
  check(hx.size() == 2, "{}: got {} states, expected 2: h and c", op, hx.size());
  return {hx[0], hx[1]};
}

// Whether an lstm projects is told by the sizes of its states.
bool differ(const Tensor& h, const Tensor& c) {
  return h.defined() && c.defined() && h.dim() == 3 && c.dim() == 3 && h.size(2) != c.size(2);
}

std::tuple<Tensor, Tensor> without_c(const RecurrentResult& result) { return {result.y, result.h}; }
std::tuple<Tensor, Tensor, Tensor> with_c(const RecurrentResult& result) {
  return {result.y, result.h, result.c};
}

RecurrentState step(const char* op, Recurrence kind, const Tensor& input,
                    const RecurrentState& before, const Tensor& w_ih, const Tensor& w_hh,
                    const optional<Tensor>& b_ih, const optional<Tensor>& b_hh) {
  check(input.dim() == 2, "{}: input has shape {}, expected [batch, features]", op,
        input.sizes().vec());
  const RecurrentWeights weights{w_ih, w_hh, tensor_or_none(b_ih), tensor_or_none(b_hh), {}};
  check_layer({op}, kind, input, input.size(0), before, weights);
  return recurrent_layer(kind, input, make_schedule({input.size(0)}, false), before, weights).last;
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params,
                                        bool has_biases, std::int64_t num_layers, double dropout,
                                        bool train, bool bidirectional, bool batch_first) {
  const auto [h, c] = pair_of("lstm", hx);
  return with_c(run_padded({"lstm", Recurrence::lstm, h, c, params, has_biases, differ(h, c),
                            num_layers, dropout, train, bidirectional},
                           input, batch_first));
}
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes,
                                        TensorList hx, TensorList params, bool has_biases,
                                        std::int64_t num_layers, double dropout, bool train,
                                        bool bidirectional) {
  const auto [h, c] = pair_of("lstm", hx);
  return with_c(run_packed({"lstm", Recurrence::lstm, h, c, params, has_biases, differ(h, c),
                            num_layers, dropout, train, bidirectional},
                           data, batch_sizes));
}

// The networks whose state is h alone.
#define XGRAD_RECURRENT(name, kind)                                                                \
  std::tuple<Tensor, Tensor> name(const Tensor& input, const Tensor& hx, TensorList params,        \
                                  bool has_biases, std::int64_t num_layers, double dropout,        \
                                  bool train, bool bidirectional, bool batch_first) {              \
    return without_c(run_padded({#name, kind, hx, Tensor(), params, has_biases, false, num_layers, \
                                 dropout, train, bidirectional},                                   \
                                input, batch_first));                                              \
  }                                                                                                \
  std::tuple<Tensor, Tensor> name(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, \
                                  TensorList params, bool has_biases, std::int64_t num_layers,     \
                                  double dropout, bool train, bool bidirectional) {                \
    return without_c(run_packed({#name, kind, hx, Tensor(), params, has_biases, false, num_layers, \
                                 dropout, train, bidirectional},                                   \
                                data, batch_sizes));                                               \
  }                                                                                                \
  Tensor name##_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih,                    \
                     const Tensor& w_hh, const optional<Tensor>& b_ih,                             \
                     const optional<Tensor>& b_hh) {                                               \
    return step(#name "_cell", kind, input, {hx, {}}, w_ih, w_hh, b_ih, b_hh).h;                   \
  }

XGRAD_RECURRENT(gru, Recurrence::gru)
XGRAD_RECURRENT(rnn_tanh, Recurrence::rnn_tanh)
XGRAD_RECURRENT(rnn_relu, Recurrence::rnn_relu)

#undef XGRAD_RECURRENT

std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih,
                                     const Tensor& w_hh, const optional<Tensor>& b_ih,
                                     const optional<Tensor>& b_hh) {
  const auto [h, c] =
      step("lstm_cell", Recurrence::lstm, input, pair_of("lstm_cell", hx), w_ih, w_hh, b_ih, b_hh);
  return {h, c};
}

}  // namespace xgrad
