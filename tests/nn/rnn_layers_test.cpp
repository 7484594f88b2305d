// Recurrent layers and cells: what they promise besides their values (rnn_test.cpp); state,
// printing, wrong use.
#include <catch2/catch.hpp>
#include <sstream>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using namespace xgrad::nn;
using Catch::Matchers::Equals;
using Names = std::vector<std::string>;
using Pair = std::tuple<Tensor, Tensor>;
using Tensors = autograd::variable_list;
namespace rnn = nn::utils::rnn;

Tensors flat(const std::tuple<Tensor, Pair>& lstm_output) {
  const auto& [y, state] = lstm_output;
  return {y, std::get<0>(state), std::get<1>(state)};
}

template <class Layer>
std::string printed(const Layer& layer) {
  std::ostringstream text;
  text << layer;
  return text.str();
}

TEST_CASE("a recurrent layer is one op, whose parts may depend on each other") {
  // h0 makes x: the gradient of h0 as a state must not count what goes through x.
  const Tensor a = randn({2, 3}, kDouble).requires_grad_(), w_ih = randn({3, 3}, kDouble),
               w_hh = randn({3, 3}, kDouble).requires_grad_();
  const auto f = [&](const Tensors& in) {
    const Tensor h = in[0].sin();
    return Tensors{std::get<0>(rnn_tanh(h.exp().unsqueeze(0), h.unsqueeze(0), {w_ih, in[1]}, false,
                                        1, 0, false, false, false))};
  };
  CHECK(autograd::gradcheck(f, {a, w_hh}));
  CHECK(autograd::gradgradcheck(f, {a, w_hh}));
  CHECK(f({a, w_hh})[0].grad_fn()->name() == "RecurrentLayerBackward0");
}

TEST_CASE("what a recurrent layer returns may be changed in place") {
  GRU gru(3, 4);
  const Tensor x = randn({5, 2, 3});
  const auto gradient = [&](bool in_place) {
    gru->zero_grad(true);
    const auto [y, h] = gru(x);
    if (in_place) {
      y.mul_(2);
      h.zero_();
    }
    y.sum().backward();
    return gru->all_weights()[1].grad();
  };
  CHECK_THAT(gradient(true), Near(2 * gradient(false), 1e-5));
}

TEST_CASE("recurrent cells compute each row of a batch as if it were alone") {
  LSTMCell cell(5, 37);
  cell->to(kFloat64);
  for (const std::int64_t batch : {2, 4, 5, 8, 16, 33, 150}) {
    INFO("batch " << batch);
    const TensorOptions options = TensorOptions(kDouble).requires_grad(true);
    const Tensor x = randn({batch, 5}, kDouble), h = randn({batch, 37}, options),
                 c = randn({batch, 37}, kDouble);
    cell->zero_grad(true);
    const auto [h1, c1] = cell(x, Pair(h, c));
    (h1 + c1).square().sum().backward();
    const Tensor dh = h.grad().clone(), dw = cell->weight_hh.grad().clone();
    cell->zero_grad(true);
    h.mutable_grad().reset();
    for (std::int64_t i = 0; i < batch; ++i) {
      const auto [hi, ci] = cell(x[i], Pair(h[i], c[i]));
      (hi + ci).square().sum().backward();
      CHECK_THAT(hi.detach(), Near(h1[i].detach(), 1e-12));
      CHECK_THAT(ci.detach(), Near(c1[i].detach(), 1e-12));
    }
    CHECK_THAT(dh, Near(h.grad(), 1e-11));
    CHECK_THAT(dw, Near(cell->weight_hh.grad(), 1e-11));
  }
}

TEST_CASE("recurrent layers give the same bits on any number of threads") {
  const int threads = get_num_threads();
  LSTM lstm(LSTMOptions(16, 64).bidirectional(true));
  const Tensor x = randn({40, 70, 16});
  const auto run = [&](int n) {
    set_num_threads(n);
    lstm->zero_grad();
    Tensors all = flat(lstm(x));
    all[0].sum().backward();
    for (const Tensor& weight : lstm->all_weights()) all.push_back(weight.grad().clone());
    return all;
  };
  const Tensors one = run(1), three = run(3);
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK_THAT(three[i].detach(), Identical(one[i].detach()));
  }
  set_num_threads(threads);
}

TEST_CASE("recurrent layers take float32, an empty batch and undefined states") {
  LSTM lstm(LSTMOptions(3, 20).num_layers(2).batch_first(true).proj_size(7));
  const Tensor x = randn({4, 6, 3});
  const Tensors single = flat(lstm(x));
  lstm->to(kFloat64);
  const Tensors wide = flat(lstm(x.to(kDouble)));
  for (std::size_t i = 0; i < single.size(); ++i) {
    CHECK_THAT(single[i].to(kDouble).detach(), Near(wide[i].detach(), 1e-5));
  }
  CHECK_THAT(flat(lstm(x.to(kDouble), Pair()))[0].detach(), Near(wide[0].detach(), 0));

  for (const bool create_graph : {false, true}) {
    const Tensor none = zeros({5, 0, 3}, requires_grad());
    GRU gru(GRUOptions(3, 2).bidirectional(true));
    const auto [y, h] = gru(none);
    CHECK(y.sizes() == std::vector<std::int64_t>{5, 0, 4});
    CHECK(h.sizes() == std::vector<std::int64_t>{2, 0, 2});
    autograd::backward({y.sum() + h.sum()}, {}, nullopt, create_graph);
    CHECK(none.grad().sizes() == none.sizes());
    CHECK_THAT(gru->all_weights()[1].grad().detach(), Near(zeros({6, 2}), 0));
    // With create_graph a leaf and its gradient hold each other, as in PyTorch.
    none.mutable_grad().reset();
    gru->zero_grad(true);
  }
}

TEST_CASE("recurrent layers stand in AnyModule with their default arguments") {
  AnyModule any(LSTM(3, 4));
  const auto [y, state] = any.forward<std::tuple<Tensor, Pair>>(ones({5, 2, 3}));
  CHECK(y.sizes() == std::vector<std::int64_t>{5, 2, 4});
  CHECK(std::get<1>(state).sizes() == std::vector<std::int64_t>{1, 2, 4});
  CHECK(Sequential(GRUCell(3, 4), RNNCell(4, 2))->forward(ones({2, 3})).sizes() ==
        std::vector<std::int64_t>{2, 2});
}

TEST_CASE("recurrent layers are cloned, saved and converted by their parameters' names") {
  LSTM lstm(LSTMOptions(2, 4).num_layers(2).bidirectional(true).proj_size(3));
  Names names;
  for (const char* suffix : {"_l0", "_l0_reverse", "_l1", "_l1_reverse"}) {
    for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"}) {
      names.push_back(std::string(name) + suffix);
    }
  }
  CHECK(lstm->named_parameters().keys() == names);
  CHECK(lstm->state_dict().keys() == names);
  CHECK(GRU(GRUOptions(2, 4).bias(false))->named_parameters().keys() ==
        Names{"weight_ih_l0", "weight_hh_l0"});
  CHECK(LSTMCell(2, 4)->named_parameters().keys() ==
        Names{"weight_ih", "weight_hh", "bias_ih", "bias_hh"});
  CHECK(GRUCell(GRUCellOptions(2, 4).bias(false))->named_parameters().keys() ==
        Names{"weight_ih", "weight_hh"});

  const Tensor x = randn({5, 2, 2});
  const Tensor y = std::get<0>(lstm(x)).detach();
  LSTM copy(std::dynamic_pointer_cast<LSTMImpl>(lstm->clone())), other(lstm->options);
  CHECK_THAT(std::get<0>(copy(x)).detach(), Near(y, 0));
  other->load_state_dict(lstm->state_dict());
  other->flatten_parameters();
  CHECK_THAT(std::get<0>(other(x)).detach(), Near(y, 0));
  {
    const NoGradGuard no_grad;
    for (const Tensor& weight : copy->all_weights()) weight.zero_();
  }
  CHECK_THAT(std::get<0>(lstm(x)).detach(), Near(y, 0));
  CHECK_THAT(std::get<0>(copy(x)).detach(), Near(zeros({5, 2, 6}), 0));
  const Tensor weight = lstm->all_weights()[0];
  lstm->to(kFloat64);
  CHECK(weight.scalar_type() == kDouble);
  CHECK(std::get<0>(lstm(x.to(kDouble))).scalar_type() == kDouble);

  GRUCell cell(2, 4);
  GRUCell cell_copy(std::dynamic_pointer_cast<GRUCellImpl>(cell->clone()));
  CHECK_FALSE(cell_copy->weight_hh.is_same(cell->weight_hh));
  CHECK_THAT(cell_copy(x[0]).detach(), Near(cell(x[0]).detach(), 0));
}

TEST_CASE("recurrent layers print as libtorch prints them") {
  CHECK(printed(RNN(RNNOptions(3, 4).nonlinearity(kReLU))) ==
        "torch::nn::RNN(input_size=3, hidden_size=4, num_layers=1, bias=true, batch_first=false, "
        "dropout=0, bidirectional=false)");
  CHECK(printed(LSTM(LSTMOptions(3, 4)
                         .num_layers(2)
                         .bias(false)
                         .batch_first(true)
                         .dropout(0.5)
                         .bidirectional(true)
                         .proj_size(2))) ==
        "torch::nn::LSTM(input_size=3, hidden_size=4, num_layers=2, bias=false, batch_first=true, "
        "dropout=0.5, bidirectional=true, proj_size=2)");
  CHECK(printed(GRU(3, 4)) ==
        "torch::nn::GRU(input_size=3, hidden_size=4, num_layers=1, bias=true, batch_first=false, "
        "dropout=0, bidirectional=false)");
  CHECK(printed(RNNCell(RNNCellOptions(3, 4).nonlinearity(kReLU))) ==
        "torch::nn::RNNCell(3, 4, nonlinearity=kReLU)");
  CHECK(printed(RNNCell(3, 4)) == "torch::nn::RNNCell(3, 4)");
  CHECK(printed(LSTMCell(LSTMCellOptions(3, 4).bias(false))) ==
        "torch::nn::LSTMCell(3, 4, bias=false)");
  CHECK(printed(GRUCell(3, 4)) == "torch::nn::GRUCell(3, 4)");
}

TEST_CASE("recurrent layers refuse options out of their range") {
  CHECK_THAT(error_of([] { LSTM(-1, 4); }),
             Equals("LSTM: input_size is -1, expected no negative number"));
  CHECK_THAT(error_of([] { GRU(3, 0); }), Equals("GRU: hidden_size is 0, expected at least 1"));
  CHECK_THAT(error_of([] { RNN(RNNOptions(3, 4).num_layers(0)); }),
             Equals("RNN: num_layers is 0, expected at least 1"));
  CHECK_THAT(error_of([] { GRU(GRUOptions(3, 4).dropout(1.5)); }),
             Equals("GRU: dropout is 1.5, expected 0..1"));
  CHECK_THAT(error_of([] { LSTM(LSTMOptions(3, 4).proj_size(4)); }),
             Equals("LSTM: proj_size is 4, expected 0 (no projection) or less than the hidden "
                    "size 4"));
  CHECK_THAT(error_of([] { RNNCell(-3, 4); }),
             Equals("RNNCell: input_size is -3, expected no negative number"));
  CHECK_THAT(error_of([] { LSTMCell(3, 0); }),
             Equals("LSTMCell: hidden_size is 0, expected at least 1"));
}

TEST_CASE("recurrent layers refuse what does not fit") {
  LSTM lstm(3, 4);
  GRU gru(GRUOptions(3, 4).batch_first(true));
  CHECK_THAT(error_of([&] {
               lstm(ones({5, 2, 7}));
             }),
             Equals("LSTM: input has shape [5, 2, 7], expected [time, batch, 3] or [time, 3]"));
  CHECK_THAT(error_of([&] { gru(ones({3})); }),
             Equals("GRU: input has shape [3], expected [batch, time, 3] or [time, 3]"));
  CHECK_THAT(error_of([&] {
               lstm(ones({0, 2, 3}));
             }),
             Equals("LSTM: input has shape [0, 2, 3], expected at least one step"));
  CHECK_THAT(error_of([&] {
               lstm(ones({5, 2, 3}), Pair(ones({1, 3, 4}), ones({1, 2, 4})));
             }),
             Equals("LSTM: h has shape [1, 3, 4], expected [1, 2, 4]"));
  CHECK_THAT(error_of([&] {
               lstm(ones({5, 3}), Pair(ones({1, 4}), ones({1, 2, 4})));
             }),
             Equals("LSTM: c has shape [1, 2, 4], expected [1, 4]"));
  CHECK_THAT(error_of([&] {
               gru(ones({5, 2, 3}), ones({1, 2, 4}));
             }),
             Equals("GRU: h has shape [1, 2, 4], expected [1, 5, 4]"));
  CHECK_THAT(error_of([&] {
               gru(ones({5, 2, 3}, kDouble));
             }),
             Equals("GRU: w_hh of layer 0 is float32 but the input is float64, expected the same "
                    "dtype"));
  CHECK_THAT(error_of([&] {
               gru(ones({5, 2, 3}, kLong));
             }),
             Equals("GRU: the input is int64, expected a floating dtype"));
  CHECK_THAT(error_of([&] {
               lstm->forward_with_packed_input(rnn::pack_sequence({ones({4, 2}), ones({1, 2})}));
             }),
             Equals("LSTM: the packed data has shape [5, 2], expected [rows, 3]"));
  CHECK_THAT(error_of([&] {
               lstm->forward_with_packed_input(rnn::PackedSequence(ones({5, 3}), tensor({2, 2})));
             }),
             Equals("LSTM: batch_sizes are [2, 2], expected positive ones that do not grow, 5 in "
                    "sum"));
  CHECK_THAT(error_of([&] {
               lstm->forward_with_packed_input(rnn::PackedSequence(ones({5, 3}), ones({2})));
             }),
             Equals("LSTM: batch_sizes have shape [2], expected one dim and int64"));
  CHECK_THAT(error_of([&] {
               gru->forward_with_packed_input(rnn::pack_sequence({ones({4, 3}), ones({1, 3})}),
                                              ones({1, 3, 4}));
             }),
             Equals("GRU: h has shape [1, 3, 4], expected [1, 2, 4]"));
  CHECK_THAT(error_of([] {
               GRUCell(3, 4)(ones({2, 5}));
             }),
             Equals("GRUCell: input has shape [2, 5], expected [batch, 3] or [3]"));
  CHECK_THAT(error_of([] {
               RNNCell(3, 4)(ones({2, 3}), ones({3, 4}));
             }),
             Equals("RNNCell: h has shape [3, 4], expected [2, 4]"));
  CHECK_THAT(error_of([] { LSTMCell(3, 4)(ones({3}), Pair(ones({4}), ones({5}))); }),
             Equals("LSTMCell: c has shape [5], expected [4]"));
}

TEST_CASE("recurrent functions refuse what does not fit") {
  const Tensor x = ones({5, 2, 3}), h = zeros({1, 2, 4}), w_ih = ones({16, 3}),
               w_hh = ones({16, 4}), b = ones({16});
  const auto call = [&](const Tensor& input, TensorList hx, TensorList params, bool biases = true) {
    return error_of([&] { lstm(input, hx, params, biases, 1, 0, false, false, false); });
  };
  CHECK_THAT(call(x, {h}, {}), Equals("lstm: got 1 states, expected 2: h and c"));
  CHECK_THAT(call(x, {h, h}, {w_ih}),
             Equals("lstm: got 1 parameters, expected 4: 4 for each of 1 layers and directions"));
  CHECK_THAT(call(x[0], {h, h}, {w_ih, w_hh, b, b}),
             Equals("lstm: input has shape [2, 3], expected [time, batch, features]"));
  CHECK_THAT(call(x, {h[0], h}, {w_ih, w_hh, b, b}),
             Equals("lstm: h has shape [2, 4], expected [1, 2, n]"));
  CHECK_THAT(call(x, {zeros({1, 2, 5}), zeros({1, 2, 5})}, {w_ih, w_hh, b, b}),
             Equals("lstm: h of layer 0 has shape [2, 5], expected [2, 4]"));
  CHECK_THAT(call(x, {h, h}, {w_ih, ones({15, 4}), b, b}),
             Equals("lstm: w_hh of layer 0 has shape [15, 4], expected [4 * n, n]"));
  CHECK_THAT(call(x, {h, h}, {w_ih, ones({16, 3}), b, b}),
             Equals("lstm: w_hh of layer 0 has shape [16, 3], expected [16, 4]"));
  CHECK_THAT(call(x, {h, h}, {w_hh, w_hh}, false),
             Equals("lstm: w_ih of layer 0 has shape [16, 4], expected [16, 3]"));
  CHECK_THAT(call(x, {h, h}, {w_ih, w_hh, b, ones({4})}),
             Equals("lstm: b_hh of layer 0 has shape [4], expected [16]"));
  CHECK_THAT(call(x, {h, h}, {w_ih, w_hh, b, {}}),
             Equals("lstm: one bias is undefined, expected both or neither"));
  CHECK_THAT(error_of([&] { gru(x, h, {}, true, 0, 0, false, false, false); }),
             Equals("gru: num_layers is 0, expected at least 1"));
  CHECK_THAT(error_of([&] {
               const Tensor wide = ones({4, 3}), square = ones({4, 4});
               rnn_relu(x, zeros({2, 2, 4}), {wide, square, wide, ones({4, 5})}, false, 1, 0, false,
                        true, false);
             }),
             Equals("rnn_relu: w_hh of layer 0 in reverse has shape [4, 5], expected [4, 4]"));
  CHECK_THAT(error_of([&] { rnn_tanh_cell(x, h, w_ih, w_hh); }),
             Equals("rnn_tanh_cell: input has shape [5, 2, 3], expected [batch, features]"));
  CHECK_THAT(error_of([&] { lstm_cell(x[0], {h[0]}, w_ih, w_hh); }),
             Equals("lstm_cell: got 1 states, expected 2: h and c"));
  CHECK_THAT(error_of([&] {
               gru_cell(x[0], h[0], ones({12, 3}), ones({12, 4}), ones({12}));
             }),
             Equals("gru_cell: one bias is undefined, expected both or neither"));
}

}  // namespace
