#!/usr/bin/env python3
"""Writes attention.json, the rows of tests/nn/attention_test.cpp and transformer_test.cpp (of modules with the state and the
parameters' gradients), and ("init_...") the state of new layers, in float32: python3 make_attention.py > attention.json
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from rows import add, flat, gradients, n, plain, row, table, write

torch.manual_seed(22)
INF = float("inf")


# PyTorch 1.13 has no public scaled_dot_product_attention: this is the formula of its later documentation.
def sdpa(q, k, v, mask=None, causal=False, scale=None):
    scores = q @ k.transpose(-2, -1) * (1 / math.sqrt(q.size(-1)) if scale is None else scale)
    if causal:
        scores = scores.masked_fill(torch.ones(q.size(-2), k.size(-2), dtype=torch.bool).tril().logical_not(), -INF)
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), -INF) if mask.dtype == torch.bool else scores + mask
    return torch.softmax(scores, -1) @ v


seen = torch.tensor([[True, False, True, True, False], [True] * 5, [False, False, False, True, False]])
row("sdpa", [n(3, 4), n(5, 4), n(5, 2)], sdpa)
row("sdpa_heads", [n(2, 2, 3, 4), n(2, 2, 5, 4), n(2, 2, 5, 2)], sdpa)
row("sdpa_broadcast", [n(2, 1, 3, 4), n(3, 5, 4), n(5, 2)], sdpa)
row("sdpa_bool_mask", [n(2, 3, 4), n(2, 5, 4), n(2, 5, 3), seen], sdpa)
row("sdpa_float_mask", [n(2, 3, 4), n(2, 5, 4), n(2, 5, 3), n(2, 1, 5)], sdpa)
row("sdpa_causal", [n(2, 4, 3), n(2, 4, 3), n(2, 4, 3)], lambda q, k, v: sdpa(q, k, v, causal=True))
row("sdpa_causal_wide", [n(2, 3), n(4, 3), n(4, 3)], lambda q, k, v: sdpa(q, k, v, causal=True))
row("sdpa_scale", [n(3, 4), n(5, 4), n(5, 2)], lambda q, k, v: sdpa(q, k, v, scale=0.3))

# Multi-head attention: 2 heads of 2 features, 3 queries, 4 keys, 2 samples.
E, H, T, S, N = 4, 2, 3, 4, 2


def mha(q, k, v, in_w, in_b, out_w, out_b, bias_k=None, bias_v=None, zero=False, **more):
    return F.multi_head_attention_forward(q, k, v, E, H, in_w, in_b, bias_k, bias_v, zero, 0.0, out_w, out_b, **more)


def weights():
    return [n(3 * E, E), n(3 * E), n(E, E), n(E)]


blocked = torch.tensor([[False, True, False, False], [False] * 4, [True, True, False, True]])
padding = torch.tensor([[False, False, False, True], [False, True, False, False]])
infinite = torch.zeros(T, S, dtype=torch.float64).masked_fill(blocked, -INF)

row("mha_self", [n(T, N, E), *weights()], lambda x, *w: mha(x, x, x, *w))
row("mha_memory", [n(T, N, E), n(S, N, E), *weights()], lambda q, m, *w: mha(q, m, m, *w))
row("mha_three", [n(T, N, E), n(S, N, E), n(S, N, E), *weights()], mha)
row("mha_by_head", [n(T, N, E), *weights()], lambda x, *w: mha(x, x, x, *w, average_attn_weights=False))
row("mha_no_weights", [n(T, N, E), *weights()], lambda x, *w: mha(x, x, x, *w, need_weights=False))
row("mha_no_bias", [n(T, N, E), n(3 * E, E), n(E, E)], lambda x, i, o: mha(x, x, x, i, None, o, None))
row("mha_bool_mask", [n(T, N, E), n(S, N, E), *weights(), blocked], lambda q, m, *w: mha(q, m, m, *w[:4], attn_mask=w[4]))
row("mha_float_mask", [n(T, N, E), n(S, N, E), *weights(), n(T, S)], lambda q, m, *w: mha(q, m, m, *w[:4], attn_mask=w[4]))
row("mha_infinite_mask", [n(T, N, E), n(S, N, E), *weights(), infinite], lambda q, m, *w: mha(q, m, m, *w[:4], attn_mask=w[4]))
row("mha_mask_by_head", [n(T, N, E), n(S, N, E), *weights(), n(N * H, T, S)], lambda q, m, *w: mha(q, m, m, *w[:4], attn_mask=w[4]))
row("mha_padding", [n(T, N, E), n(S, N, E), *weights(), padding], lambda q, m, *w: mha(q, m, m, *w[:4], key_padding_mask=w[4]))
row("mha_float_padding", [n(T, N, E), n(S, N, E), *weights(), n(N, S)], lambda q, m, *w: mha(q, m, m, *w[:4], key_padding_mask=w[4]))
row("mha_both_masks", [n(T, N, E), n(S, N, E), *weights(), n(T, S), padding],
    lambda q, m, *w: mha(q, m, m, *w[:4], attn_mask=w[4], key_padding_mask=w[5]))
row("mha_separate", [n(T, N, E), n(S, N, 3), n(S, N, 2), n(E, E), n(E, 3), n(E, 2), n(3 * E), n(E, E), n(E)],
    lambda q, k, v, a, b, d, i, o, p: mha(q, k, v, None, i, o, p, use_separate_proj_weight=True,
                                          q_proj_weight=a, k_proj_weight=b, v_proj_weight=d))
row("mha_bias_kv", [n(T, N, E), n(S, N, E), *weights(), n(1, 1, E), n(1, 1, E)], lambda q, m, *w: mha(q, m, m, *w))
row("mha_zero_attn", [n(T, N, E), n(S, N, E), *weights(), padding], lambda q, m, *w: mha(q, m, m, *w[:4], zero=True, key_padding_mask=w[4]))
row("mha_extra_rows", [n(T, N, E), n(S, N, E), *weights(), n(1, 1, E), n(1, 1, E), n(T, S), padding],
    lambda q, m, *w: mha(q, m, m, *w[:6], zero=True, attn_mask=w[6], key_padding_mask=w[7]))
row("mha_static", [n(T, N, E), n(S, N, E), *weights(), n(N * H, 5, E // H), n(N * H, 5, E // H)],
    lambda q, m, *w: mha(q, m, m, *w[:4], static_k=w[4], static_v=w[5]))


def named(tensors):
    return [dict(plain(tensor), name=name) for name, tensor in tensors.items()]


# Modules: with every parameter random, in evaluation unless they draw dropout after manual_seed(5).
def module(name, m, inputs, training=False, **more):
    m = m.double().train(training)
    with torch.no_grad():
        for p in m.parameters():
            p.copy_(torch.randn(p.shape, dtype=torch.float64) * 0.5)
    torch.manual_seed(5)
    outputs = flat(m(*inputs, **more))
    parameters = dict(m.named_parameters())
    grads = gradients(outputs, [*inputs, *parameters.values()])
    add(name, state=named(m.state_dict()), inputs=inputs, outputs=outputs, grads=grads[: len(inputs)],
        parameter_grads=named(dict(zip(parameters, grads[len(inputs):]))))
    torch.manual_seed(len(table))  # new numbers for the next one


causal = torch.full((T, T), -INF, dtype=torch.float64).triu(1)
tgt_padding = torch.tensor([[False, False, True], [False, False, False]])
module("module_mha", nn.MultiheadAttention(E, H), [n(T, N, E), n(S, N, E), n(S, N, E)], key_padding_mask=padding)
module("module_mha_all", nn.MultiheadAttention(E, H, bias=True, add_bias_kv=True, add_zero_attn=True, kdim=3, vdim=2),
       [n(T, N, E), n(S, N, 3), n(S, N, 2)], attn_mask=blocked)
module("module_mha_dropout", nn.MultiheadAttention(E, H, dropout=0.4), [n(T, N, E), n(S, N, E), n(S, N, E)], training=True)
for activation in ("relu", "gelu"):
    module(f"encoder_layer_{activation}", nn.TransformerEncoderLayer(E, H, 5, 0.1, activation), [n(T, N, E)])
    module(f"decoder_layer_{activation}", nn.TransformerDecoderLayer(E, H, 5, 0.1, activation), [n(T, N, E), n(S, N, E)])
module("encoder_layer_callable", nn.TransformerEncoderLayer(E, H, 5, 0.1, torch.tanh), [n(T, N, E)])
module("encoder_layer_masks", nn.TransformerEncoderLayer(E, H, 5), [n(T, N, E)], src_mask=causal, src_key_padding_mask=tgt_padding)
module("decoder_layer_masks", nn.TransformerDecoderLayer(E, H, 5), [n(T, N, E), n(S, N, E)], tgt_mask=causal, memory_mask=blocked,
       tgt_key_padding_mask=tgt_padding, memory_key_padding_mask=padding)
module("encoder_layer_dropout", nn.TransformerEncoderLayer(E, H, 5, 0.3), [n(T, N, E)], training=True)
module("decoder_layer_dropout", nn.TransformerDecoderLayer(E, H, 5, 0.3), [n(T, N, E), n(S, N, E)], training=True)
module("encoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(E, H, 5), 2), [n(T, N, E)], mask=causal)
module("encoder_norm", nn.TransformerEncoder(nn.TransformerEncoderLayer(E, H, 5), 2, nn.LayerNorm(E)), [n(T, N, E)],
       src_key_padding_mask=tgt_padding)
module("decoder_norm", nn.TransformerDecoder(nn.TransformerDecoderLayer(E, H, 5), 2, nn.LayerNorm(E)), [n(T, N, E), n(S, N, E)],
       tgt_mask=causal, memory_mask=blocked)
module("transformer", nn.Transformer(E, H, 1, 2, 5, activation="gelu"), [n(S, N, E), n(T, N, E)])
module("transformer_masks", nn.Transformer(E, H, 2, 1, 5), [n(S, N, E), n(T, N, E)], tgt_mask=causal, src_key_padding_mask=padding,
       tgt_key_padding_mask=tgt_padding, memory_key_padding_mask=padding)
module("transformer_dropout", nn.Transformer(E, H, 1, 1, 5, dropout=0.2), [n(S, N, E), n(T, N, E)], training=True)


# New layers after manual_seed(7).
def init(name, make):
    torch.manual_seed(7)
    add("init_" + name, state=named(make().state_dict()))


init("mha", lambda: nn.MultiheadAttention(6, 2))
init("mha_separate", lambda: nn.MultiheadAttention(6, 3, bias=False, add_bias_kv=True, kdim=4, vdim=5))
init("encoder_layer", lambda: nn.TransformerEncoderLayer(4, 2, 3))
init("decoder_layer", lambda: nn.TransformerDecoderLayer(4, 2, 3))

write()
