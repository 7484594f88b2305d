// Options of RNN, LSTM, GRU and of their cells.
#pragma once

#include <cstdint>
#include <variant>

#include "xgrad/core/arg.h"
#include "xgrad/core/enum.h"

namespace xgrad::nn {

namespace detail {

// What the layers have in common; `mode` says which one it is.
struct RNNOptionsBase {
  using rnn_options_base_mode_t =
      std::variant<enumtype::kLSTM, enumtype::kGRU, enumtype::kRNN_TANH, enumtype::kRNN_RELU>;
  RNNOptionsBase(rnn_options_base_mode_t mode, std::int64_t input_size, std::int64_t hidden_size)
      : mode_(mode), input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(rnn_options_base_mode_t, mode);
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(std::int64_t, num_layers) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
  XGRAD_ARG(std::int64_t, proj_size) = 0;
};

struct RNNCellOptionsBase {
  RNNCellOptionsBase(std::int64_t input_size, std::int64_t hidden_size, bool bias,
                     std::int64_t num_chunks)
      : input_size_(input_size), hidden_size_(hidden_size), bias_(bias), num_chunks_(num_chunks) {}
  virtual ~RNNCellOptionsBase() = default;
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(bool, bias);
  XGRAD_ARG(std::int64_t, num_chunks);  // gates
};

}  // namespace detail

// num_layers: layers stacked on each other. batch_first: [batch, time, ...] instead of
// [time, batch, ...]. dropout: the probability with which each layer's outputs, but for the last
// one's, are dropped out in training. bidirectional: each layer also walks back in time.
struct RNNOptions {
  using nonlinearity_t = std::variant<enumtype::kTanh, enumtype::kReLU>;
  RNNOptions(std::int64_t input_size, std::int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(std::int64_t, num_layers) = 1;
  XGRAD_ARG(nonlinearity_t, nonlinearity) = kTanh;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
};

// As RNNOptions. proj_size: where positive, h is projected to that size (Sak et al., 2014).
struct LSTMOptions {
  LSTMOptions(std::int64_t input_size, std::int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(std::int64_t, num_layers) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
  XGRAD_ARG(std::int64_t, proj_size) = 0;
};

// As RNNOptions.
struct GRUOptions {
  GRUOptions(std::int64_t input_size, std::int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(std::int64_t, num_layers) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
};

struct RNNCellOptions {
  using nonlinearity_t = std::variant<enumtype::kTanh, enumtype::kReLU>;
  RNNCellOptions(std::int64_t input_size, std::int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(nonlinearity_t, nonlinearity) = kTanh;
};

struct LSTMCellOptions {
  LSTMCellOptions(std::int64_t input_size, std::int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(bool, bias) = true;
};

struct GRUCellOptions {
  GRUCellOptions(std::int64_t input_size, std::int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(std::int64_t, input_size);
  XGRAD_ARG(std::int64_t, hidden_size);
  XGRAD_ARG(bool, bias) = true;
};

}  // namespace xgrad::nn
