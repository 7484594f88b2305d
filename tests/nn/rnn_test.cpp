// Recurrent networks and cells against PyTorch (tests/golden/rnn.json, made by
// tests/golden/make_rnn.py): functions, layers, initial weights, dropout.
#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using namespace xgrad::nn;
using Pair = std::tuple<Tensor, Tensor>;
namespace rnn = nn::utils::rnn;

// Everything from the i-th input on.
TensorList from(const Inputs& x, std::size_t i) { return TensorList(x).slice(i); }

Inputs flat(const Tensor& x) { return {x}; }
Inputs flat(const rnn::PackedSequence& x) { return {x.data()}; }
template <class... Ts>
Inputs flat(const std::tuple<Ts...>& values) {
  Inputs all;
  const auto add = [&](const auto& value) {
    for (const Tensor& tensor : flat(value)) all.push_back(tensor);
  };
  std::apply([&](const auto&... value) { (add(value), ...); }, values);
  return all;
}

TEST_CASE("recurrent functions have PyTorch's values and derivatives") {
  const Tensor sizes = tensor({3, 2, 2, 1});
  const std::vector<NnRow> rows = {
      {"lstm",
       [](const Inputs& x) {
         return flat(lstm(x[0], {x[1], x[2]}, from(x, 3), true, 1, 0, false, false, false));
       }},
      {"lstm_bidirectional",
       [](const Inputs& x) {
         return flat(lstm(x[0], {x[1], x[2]}, from(x, 3), true, 1, 0, false, true, false));
       }},
      {"lstm_projected",
       [](const Inputs& x) {
         return flat(lstm(x[0], {x[1], x[2]}, from(x, 3), false, 1, 0, false, false, false));
       }},
      {"gru",
       [](const Inputs& x) {
         return flat(gru(x[0], x[1], from(x, 2), true, 1, 0, false, false, true));
       }},
      {"gru_layers",
       [](const Inputs& x) {
         return flat(gru(x[0], x[1], from(x, 2), true, 2, 0, false, false, false));
       }},
      {"rnn_tanh",
       [](const Inputs& x) {
         return flat(rnn_tanh(x[0], x[1], from(x, 2), true, 1, 0, false, true, false));
       }},
      {"rnn_relu",
       [](const Inputs& x) {
         return flat(rnn_relu(x[0], x[1], from(x, 2), false, 1, 0, false, false, false));
       }},
      {"lstm_packed",
       [=](const Inputs& x) {
         return flat(lstm(x[0], sizes, {x[1], x[2]}, from(x, 3), true, 1, 0, false, true));
       },
       1},
      {"gru_packed",
       [=](const Inputs& x) {
         return flat(gru(x[0], sizes, x[1], from(x, 2), true, 1, 0, false, true));
       }},
      {"lstm_cell",
       [](const Inputs& x) {
         return flat(lstm_cell(x[0], {x[1], x[2]}, x[3], x[4], x[5], x[6]));
       }},
      {"gru_cell", [](const Inputs& x) { return gru_cell(x[0], x[1], x[2], x[3], x[4], x[5]); }},
      {"rnn_tanh_cell",
       [](const Inputs& x) { return rnn_tanh_cell(x[0], x[1], x[2], x[3], x[4], x[5]); }},
      {"rnn_relu_cell", [](const Inputs& x) { return rnn_relu_cell(x[0], x[1], x[2], x[3]); }},
  };
  const nlohmann::json all = read_golden("rnn.json");
  nlohmann::json golden;
  for (const auto& [name, entry] : all.items()) {
    if (name.starts_with("op_")) golden[name.substr(3)] = entry;
  }
  CHECK(golden.size() == rows.size());
  for (const NnRow& row : rows) check_row(golden, row);
}

class Layers {
 public:
  // Holds a layer with the golden state against its golden outputs and gradients.
  template <class Layer, class Call>
  void check(const std::string& name, Layer layer, const Call& call) {
    INFO("layer " << name);
    const nlohmann::json& entry = golden_.at("layer_" + name);
    ++checked_;
    layer->to(kFloat64);
    Module::TensorDict state;
    for (const auto& [key, value] : entry.at("state").items()) {
      state.insert(key, golden_tensor(value));
    }
    layer->load_state_dict(state);
    Inputs inputs = golden_tensors(entry.at("inputs")), wanted;
    for (Tensor& input : inputs) wanted.push_back(input.requires_grad_());
    for (const Tensor& parameter : layer->parameters()) wanted.push_back(parameter);

    const Inputs outputs = flat(call(layer, inputs)),
                 expected = golden_tensors(entry.at("outputs"));
    REQUIRE(outputs.size() == expected.size());
    Tensor total = zeros({}, kDouble);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      CHECK_THAT(outputs[i], Near(expected[i], 1e-9));
      total =
          total +
          (outputs[i] * arange(outputs[i].numel(), kDouble).cos().view(outputs[i].sizes())).sum();
    }
    const Inputs grads = golden_tensors(entry.at("grads"));
    REQUIRE(grads.size() == wanted.size());
    // On plain data, and as a composition.
    for (const bool create_graph : {false, true}) {
      const Inputs actual = autograd::grad({total}, wanted, {}, true, create_graph, true);
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        INFO("gradient " << i << (create_graph ? " of a graph" : ""));
        CHECK_THAT(actual[i].defined() ? actual[i].detach() : zeros_like(wanted[i]),
                   Near(grads[i], 1e-9));
      }
    }
  }
  template <class Layer>
  void check(const std::string& name, Layer layer) {
    check(name, layer, [](Layer& l, const Inputs& x) {
      if constexpr (requires { l(x[0], x[1]); }) {
        return x.size() == 1 ? l(x[0]) : l(x[0], x[1]);
      } else {
        return x.size() == 1 ? l(x[0]) : l(x[0], Pair(x[1], x[2]));
      }
    });
  }
  template <class Layer>
  void check_packed(const std::string& name, Layer layer, const Tensor& lengths,
                    bool enforce_sorted = true) {
    check(name, layer, [&](Layer& l, const Inputs& x) {
      const auto packed =
          rnn::pack_padded_sequence(x[0], lengths, l->options.batch_first(), enforce_sorted);
      if (x.size() == 1) return l->forward_with_packed_input(packed);
      if constexpr (std::is_same_v<Layer, LSTM>) {
        return l->forward_with_packed_input(packed, Pair(x[1], x[2]));
      } else {
        return l->forward_with_packed_input(packed, x[1]);
      }
    });
  }
  void check_complete() const {
    std::size_t all = 0;
    for (const auto& [name, entry] : golden_.items()) all += name.starts_with("layer_") ? 1 : 0;
    CHECK(checked_ == all);
  }

 private:
  nlohmann::json golden_ = read_golden("rnn.json");
  std::size_t checked_ = 0;
};

TEST_CASE("recurrent layers have PyTorch's outputs and gradients") {
  Layers layers;
  layers.check("lstm_plain", LSTM(3, 4));
  layers.check("lstm_states", LSTM(LSTMOptions(3, 4).num_layers(2)));
  layers.check("lstm_all", LSTM(LSTMOptions(3, 5)
                                    .num_layers(2)
                                    .bias(false)
                                    .batch_first(true)
                                    .bidirectional(true)
                                    .proj_size(2)));
  layers.check("lstm_projected", LSTM(LSTMOptions(3, 5).proj_size(2)));
  layers.check("lstm_wide", LSTM(2, 17));
  layers.check("lstm_unbatched", LSTM(LSTMOptions(3, 4).batch_first(true).bidirectional(true)));
  layers.check_packed("lstm_packed", LSTM(LSTMOptions(3, 4).num_layers(2).bidirectional(true)),
                      tensor({5, 3, 3, 1}));
  layers.check_packed("lstm_packed_unsorted",
                      LSTM(LSTMOptions(3, 4).bidirectional(true).proj_size(3)),
                      tensor({2, 5, 1, 4}), false);
  layers.check("gru_plain", GRU(3, 4));
  layers.check(
      "gru_all",
      GRU(GRUOptions(3, 4).num_layers(2).bias(false).batch_first(true).bidirectional(true)));
  layers.check("gru_wide", GRU(2, 17));
  layers.check("gru_unbatched", GRU(3, 4));
  layers.check_packed("gru_packed", GRU(3, 4), tensor({5, 3, 3, 1}));
  layers.check_packed("gru_packed_unsorted",
                      GRU(GRUOptions(3, 4).batch_first(true).bidirectional(true)),
                      tensor({2, 5, 1, 4}), false);
  layers.check("rnn_tanh", RNN(RNNOptions(3, 4).num_layers(2).bidirectional(true)));
  layers.check("rnn_relu",
               RNN(RNNOptions(3, 4).num_layers(2).nonlinearity(kReLU).batch_first(true)));
  layers.check("rnn_wide", RNN(RNNOptions(2, 33).bias(false)));
  layers.check("rnn_unbatched", RNN(3, 4));
  layers.check_packed("rnn_packed", RNN(3, 4), tensor({4, 2, 5}), false);
  layers.check("lstm_cell", LSTMCell(3, 4));
  layers.check("lstm_cell_states", LSTMCell(LSTMCellOptions(3, 4).bias(false)));
  layers.check("lstm_cell_unbatched", LSTMCell(3, 4));
  layers.check("gru_cell", GRUCell(3, 4));
  layers.check("gru_cell_unbatched", GRUCell(GRUCellOptions(3, 4).bias(false)));
  layers.check("rnn_cell", RNNCell(3, 4));
  layers.check("rnn_cell_relu", RNNCell(RNNCellOptions(3, 4).nonlinearity(kReLU)));
  layers.check("rnn_cell_unbatched", RNNCell(3, 4));
  layers.check_complete();
}

TEST_CASE("new recurrent layers have PyTorch's weights for the same seed") {
  const nlohmann::json golden = read_golden("rnn.json");
  const auto check_weights = [&](const std::string& name, auto make) {
    INFO(name);
    manual_seed(7);
    const std::vector<Tensor> weights = make()->parameters();
    const Inputs expected = golden_tensors(golden.at("init_" + name).at("outputs"));
    REQUIRE(weights.size() == expected.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      CHECK_THAT(weights[i].detach(), Near(expected[i], 1e-7));
    }
  };
  check_weights("rnn", [] { return RNN(3, 2); });
  check_weights("lstm", [] {
    return LSTM(LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2));
  });
  check_weights("gru", [] { return GRU(GRUOptions(3, 2).bias(false).bidirectional(true)); });
  check_weights("rnn_cell", [] { return RNNCell(3, 2); });
  check_weights("lstm_cell", [] { return LSTMCell(LSTMCellOptions(3, 2).bias(false)); });
  check_weights("gru_cell", [] { return GRUCell(3, 2); });
}

TEST_CASE("dropout between recurrent layers draws PyTorch's noise, in training only") {
  const nlohmann::json golden = read_golden("rnn.json");
  const auto check_noise = [&](const std::string& name, auto make, auto call) {
    INFO(name);
    manual_seed(7);
    auto layer = make();
    const Inputs outputs = flat(call(layer)),
                 expected = golden_tensors(golden.at("noise_" + name).at("outputs"));
    REQUIRE(outputs.size() == expected.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      CHECK_THAT(outputs[i].detach(), Near(expected[i], 1e-6));
    }
    layer->eval();
    CHECK_THAT(flat(call(layer))[0], Near(flat(call(layer))[0], 0));
  };
  check_noise(
      "lstm", [] { return LSTM(LSTMOptions(2, 3).num_layers(3).dropout(0.4)); },
      [](LSTM& l) {
        return l(ones({4, 2, 2}));
      });
  check_noise(
      "gru",
      [] {
        return GRU(
            GRUOptions(2, 3).num_layers(2).dropout(0.4).batch_first(true).bidirectional(true));
      },
      [](GRU& l) {
        return l(ones({2, 4, 2}));
      });
  check_noise(
      "rnn_packed", [] { return RNN(RNNOptions(2, 3).num_layers(2).dropout(0.4)); },
      [](RNN& l) {
        return l->forward_with_packed_input(
            rnn::pack_padded_sequence(ones({4, 2, 2}), tensor({4, 2})));
      });
}

}  // namespace
