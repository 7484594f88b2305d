#!/usr/bin/env python3
"""Writes rnn.json, the rows of tests/nn/rnn_test.cpp: python3 make_rnn.py > rnn.json

"op_...": functions. "layer_...": the state of a layer, the tensors it is called with, outputs, and the gradients of those
tensors and of its parameters. "init_...": the weights of new layers, "noise_...": the outputs of layers that drop out,
made and called after the seed; both in float32.
"""
import torch
import torch.nn as nn
from torch import _VF
from torch.nn.utils import rnn

from rows import add, flat, gradients, init, row, seeded, write

torch.manual_seed(23)


def short(tensor):  # few digits, so that the file stays small
    return tensor.detach().double().mul(1000).round().div(1000)


def n(*shape):
    return short(torch.randn(shape)).requires_grad_()


def weights(gates, features, hidden, biases=True, projected=0):
    """Of one layer and direction."""
    shapes = [(gates * hidden, features), (gates * hidden, projected or hidden)]
    shapes += [(gates * hidden,)] * 2 if biases else []
    shapes += [(projected, hidden)] if projected else []
    return [n(*shape) for shape in shapes]


# Functions: x, the states, the weights.
row("op_lstm", [n(3, 2, 2), n(1, 2, 3), n(1, 2, 3), *weights(4, 2, 3)],
    lambda x, h, c, *w: _VF.lstm(x, (h, c), w, True, 1, 0.0, False, False, False))
row("op_lstm_bidirectional", [n(2, 2, 2), n(2, 2, 2), n(2, 2, 2), *weights(4, 2, 2), *weights(4, 2, 2)],
    lambda x, h, c, *w: _VF.lstm(x, (h, c), w, True, 1, 0.0, False, True, False))
row("op_lstm_projected", [n(2, 2, 2), n(1, 2, 1), n(1, 2, 3), *weights(4, 2, 3, False, 1)],
    lambda x, h, c, *w: _VF.lstm(x, (h, c), w, False, 1, 0.0, False, False, False))
row("op_gru", [n(2, 3, 2), n(1, 2, 3), *weights(3, 2, 3)],
    lambda x, h, *w: _VF.gru(x, h, w, True, 1, 0.0, False, False, True))
row("op_gru_layers", [n(2, 2, 2), n(2, 2, 2), *weights(3, 2, 2), *weights(3, 2, 2)],
    lambda x, h, *w: _VF.gru(x, h, w, True, 2, 0.0, False, False, False))
row("op_rnn_tanh", [n(3, 2, 2), n(2, 2, 3), *weights(1, 2, 3), *weights(1, 2, 3)],
    lambda x, h, *w: _VF.rnn_tanh(x, h, w, True, 1, 0.0, False, True, False))
row("op_rnn_relu", [n(3, 2, 2), n(1, 2, 3), *weights(1, 2, 3, False)],
    lambda x, h, *w: _VF.rnn_relu(x, h, w, False, 1, 0.0, False, False, False))
sizes = torch.tensor([3, 2, 2, 1])
row("op_lstm_packed", [n(8, 2), n(2, 3, 2), n(2, 3, 2), *weights(4, 2, 2), *weights(4, 2, 2)],
    lambda x, h, c, *w: _VF.lstm(x, sizes, (h, c), w, True, 1, 0.0, False, True))
row("op_gru_packed", [n(8, 2), n(2, 3, 2), *weights(3, 2, 2), *weights(3, 2, 2)],
    lambda x, h, *w: _VF.gru(x, sizes, h, w, True, 1, 0.0, False, True))
row("op_lstm_cell", [n(2, 3), n(2, 2), n(2, 2), *weights(4, 3, 2)], lambda x, h, c, *w: _VF.lstm_cell(x, (h, c), *w))
row("op_gru_cell", [n(2, 3), n(2, 2), *weights(3, 3, 2)], _VF.gru_cell)
row("op_rnn_tanh_cell", [n(2, 3), n(2, 2), *weights(1, 3, 2)], _VF.rnn_tanh_cell)
row("op_rnn_relu_cell", [n(2, 3), n(2, 2), *weights(1, 3, 2, False)], _VF.rnn_relu_cell)


def layer(name, module, tensors, call=lambda module, *tensors: module(*tensors)):
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(short(parameter))
    outputs = flat(call(module, *tensors))
    grads = gradients(outputs, [*tensors, *module.parameters()])
    add("layer_" + name, state=module.state_dict(), inputs=tensors, outputs=outputs, grads=grads)


def paired(module, x, *states):
    return module(x, states)


def packed(lengths, **options):
    """Calls with a packed x, and the states (of an LSTM as a pair)."""

    def call(module, x, *states):
        sequence = rnn.pack_padded_sequence(x, torch.tensor(lengths), **options)
        output, state = module(sequence, states if isinstance(module, nn.LSTM) and states else states[0] if states else None)
        return output.data, state

    return call


layer("lstm_plain", nn.LSTM(3, 4), [n(5, 2, 3)])
layer("lstm_states", nn.LSTM(3, 4, num_layers=2), [n(5, 2, 3), n(2, 2, 4), n(2, 2, 4)], paired)
layer("lstm_all", nn.LSTM(3, 5, 2, bias=False, batch_first=True, bidirectional=True, proj_size=2),
      [n(2, 4, 3), n(4, 2, 2), n(4, 2, 5)], paired)
layer("lstm_projected", nn.LSTM(3, 5, proj_size=2), [n(4, 2, 3)])
layer("lstm_wide", nn.LSTM(2, 17), [n(2, 19, 2)])
layer("lstm_unbatched", nn.LSTM(3, 4, batch_first=True, bidirectional=True), [n(5, 3), n(2, 4), n(2, 4)], paired)
layer("lstm_packed", nn.LSTM(3, 4, 2, bidirectional=True), [n(5, 4, 3)], packed([5, 3, 3, 1]))
layer("lstm_packed_unsorted", nn.LSTM(3, 4, bidirectional=True, proj_size=3), [n(5, 4, 3), n(2, 4, 3), n(2, 4, 4)],
      packed([2, 5, 1, 4], enforce_sorted=False))
layer("gru_plain", nn.GRU(3, 4), [n(5, 2, 3)])
layer("gru_all", nn.GRU(3, 4, 2, bias=False, batch_first=True, bidirectional=True), [n(2, 4, 3), n(4, 2, 4)])
layer("gru_wide", nn.GRU(2, 17), [n(2, 18, 2)])
layer("gru_unbatched", nn.GRU(3, 4), [n(5, 3)])
layer("gru_packed", nn.GRU(3, 4), [n(5, 4, 3), n(1, 4, 4)], packed([5, 3, 3, 1]))
layer("gru_packed_unsorted", nn.GRU(3, 4, bidirectional=True, batch_first=True), [n(4, 5, 3), n(2, 4, 4)],
      packed([2, 5, 1, 4], batch_first=True, enforce_sorted=False))
layer("rnn_tanh", nn.RNN(3, 4, 2, bidirectional=True), [n(5, 2, 3), n(4, 2, 4)])
layer("rnn_relu", nn.RNN(3, 4, 2, nonlinearity="relu", batch_first=True), [n(2, 5, 3)])
layer("rnn_wide", nn.RNN(2, 33, bias=False), [n(3, 18, 2), n(1, 18, 33)])
layer("rnn_unbatched", nn.RNN(3, 4), [n(5, 3), n(1, 4)])
layer("rnn_packed", nn.RNN(3, 4), [n(5, 3, 3)], packed([4, 2, 5], enforce_sorted=False))
layer("lstm_cell", nn.LSTMCell(3, 4), [n(2, 3)])
layer("lstm_cell_states", nn.LSTMCell(3, 4, bias=False), [n(2, 3), n(2, 4), n(2, 4)], paired)
layer("lstm_cell_unbatched", nn.LSTMCell(3, 4), [n(3), n(4), n(4)], paired)
layer("gru_cell", nn.GRUCell(3, 4), [n(2, 3), n(2, 4)])
layer("gru_cell_unbatched", nn.GRUCell(3, 4, bias=False), [n(3)])
layer("rnn_cell", nn.RNNCell(3, 4), [n(2, 3), n(2, 4)])
layer("rnn_cell_relu", nn.RNNCell(3, 4, nonlinearity="relu"), [n(2, 3)])
layer("rnn_cell_unbatched", nn.RNNCell(3, 4), [n(3), n(4)])

init("rnn", lambda: nn.RNN(3, 2))
init("lstm", lambda: nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2))
init("gru", lambda: nn.GRU(3, 2, bias=False, bidirectional=True))
init("rnn_cell", lambda: nn.RNNCell(3, 2))
init("lstm_cell", lambda: nn.LSTMCell(3, 2, bias=False))
init("gru_cell", lambda: nn.GRUCell(3, 2))

seeded("noise_lstm", lambda: nn.LSTM(2, 3, num_layers=3, dropout=0.4)(torch.ones(4, 2, 2)))
seeded("noise_gru", lambda: nn.GRU(2, 3, num_layers=2, dropout=0.4, batch_first=True, bidirectional=True)(torch.ones(2, 4, 2)))
seeded("noise_rnn_packed", lambda: packed([4, 2])(nn.RNN(2, 3, num_layers=2, dropout=0.4), torch.ones(4, 2, 2)))
write(digits=13)
