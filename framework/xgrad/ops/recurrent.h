// Recurrent networks as functions, with ATen's names and argument order:
// whole stacks of layers, and single steps.
//
//   auto [y, h, c] = xgrad::lstm(x, {h0, c0}, weights, true, 2, 0.1, true, false, false);
//   xgrad::Tensor h1 = xgrad::gru_cell(x, h0, w_ih, w_hh, b_ih, b_hh);
//
// x [time, batch, features], or [batch, time, features] if batch_first; states
// [layers * directions, batch, p], the directions of a layer together. Instead of x a packed
// sequence: its data [rows, features] and batch_sizes (int64, nn/utils/rnn.h). params: for each
// layer and direction w_ih [g, features], w_hh [g, p] and, if has_biases, b_ih [g] and b_hh [g]; g
// is gates * n, for the gates in the order input, forget, cell, output (lstm) or reset, update, new
// (gru). p is n, the hidden size. An lstm whose states h and c differ in size projects h to p: each
// layer and direction then ends with w_hr [p, n].
//
// Returns y [time, batch, directions * p] (or batch first, or the packed data) and the last states.
// With dropout and train, the layers' outputs but for the last one's are dropped out. A state may
// be undefined: zeros. Errors: shapes or dtypes that do not fit, no steps. A layer and direction is
// one recorded op, differentiable to any order.
// Sources: https://pytorch.org/docs/1.13/nn.html#recurrent-layers; Hochreiter and Schmidhuber, 1997
// (lstm); Cho et al., 2014 (gru); Sak et al., 2014 (projection).
#pragma once

#include <tuple>

#include "xgrad/core/tensor.h"

namespace xgrad {

// hx: {h, c}. Returns y, h, c.
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params,
                                        bool has_biases, std::int64_t num_layers, double dropout,
                                        bool train, bool bidirectional, bool batch_first);
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes,
                                        TensorList hx, TensorList params, bool has_biases,
                                        std::int64_t num_layers, double dropout, bool train,
                                        bool bidirectional);

// Return y, h.
std::tuple<Tensor, Tensor> gru(const Tensor& input, const Tensor& hx, TensorList params,
                               bool has_biases, std::int64_t num_layers, double dropout, bool train,
                               bool bidirectional, bool batch_first);
std::tuple<Tensor, Tensor> gru(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx,
                               TensorList params, bool has_biases, std::int64_t num_layers,
                               double dropout, bool train, bool bidirectional);
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& input, const Tensor& hx, TensorList params,
                                    bool has_biases, std::int64_t num_layers, double dropout,
                                    bool train, bool bidirectional, bool batch_first);
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx,
                                    TensorList params, bool has_biases, std::int64_t num_layers,
                                    double dropout, bool train, bool bidirectional);
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& input, const Tensor& hx, TensorList params,
                                    bool has_biases, std::int64_t num_layers, double dropout,
                                    bool train, bool bidirectional, bool batch_first);
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx,
                                    TensorList params, bool has_biases, std::int64_t num_layers,
                                    double dropout, bool train, bool bidirectional);

// One step: input [batch, features], states [batch, n]. lstm_cell takes {h, c} and returns h, c.
std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih,
                                     const Tensor& w_hh, const optional<Tensor>& b_ih = {},
                                     const optional<Tensor>& b_hh = {});
Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                const optional<Tensor>& b_ih = {}, const optional<Tensor>& b_hh = {});
Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const optional<Tensor>& b_ih = {}, const optional<Tensor>& b_hh = {});
Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const optional<Tensor>& b_ih = {}, const optional<Tensor>& b_hh = {});

}  // namespace xgrad
