#!/usr/bin/env python3
"""Writes ops.json: inputs, outputs and gradients of every row of tests/ops/op_table.cpp, by PyTorch in float64.

Run once with PyTorch 1.13 (Debian's python3-torch): python3 make_ops.py > ops.json
A row is a name, the inputs, and the function. The gradient is that of sum_j sum(output_j * cos(0, 1, 2, ...)).
"""
import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(20)


def n(*shape, scale=1.0):  # normal
    return (torch.randn(shape, dtype=torch.float64) * scale).requires_grad_()


def u(low, high, *shape):  # uniform
    return (torch.rand(shape, dtype=torch.float64) * (high - low) + low).requires_grad_()


def i(high, *shape):  # int64 below high
    return torch.randint(high, shape)


def b(*shape):  # bool
    return torch.rand(shape) < 0.5


def distinct(*shape):  # no ties, not near each other
    count = math.prod(shape)
    return (torch.randperm(count).double().reshape(shape) * 0.37 - 1).requires_grad_()


def away(*shape):  # away from 0, of both signs
    x = torch.rand(shape, dtype=torch.float64) + 0.2
    return (x * (torch.rand(shape) < 0.5).double().mul(2).sub(1)).requires_grad_()


def spd(k):  # symmetric positive definite
    a = torch.randn((k, k), dtype=torch.float64)
    return (a @ a.T + k * torch.eye(k, dtype=torch.float64)).requires_grad_()


rows = []


def row(name, inputs, function):
    rows.append((name, inputs, function))


# Arithmetic and broadcasting.
row("add", [n(2, 3), n(2, 3)], lambda a, c: a + c)
row("add_broadcast", [n(2, 1, 3), n(4, 1)], lambda a, c: a + c)
row("add_alpha", [n(2, 3), n(3)], lambda a, c: torch.add(a, c, alpha=2.5))
row("add_scalar", [n(2, 3)], lambda a: a + 2)
row("sub", [n(2, 3), n(1, 3)], lambda a, c: a - c)
row("sub_alpha", [n(2, 3), n(3)], lambda a, c: torch.sub(a, c, alpha=-0.5))
row("rsub", [n(2, 3)], lambda a: 2 - a)
row("mul", [n(2, 3), n(2, 1)], lambda a, c: a * c)
row("mul_scalar", [n(2, 3)], lambda a: a * -1.5)
row("mul_self", [n(2, 3)], lambda a: a * a)
row("div", [n(2, 3), away(3)], lambda a, c: a / c)
row("div_scalar", [n(2, 3)], lambda a: a / 3)
row("rdiv", [away(2, 3)], lambda a: 2 / a)
row("div_trunc", [u(1.1, 1.9, 2, 3), u(0.6, 0.9, 3)], lambda a, c: torch.div(a, c, rounding_mode="trunc"))
row("div_floor", [u(1.1, 1.9, 2, 3), u(-0.9, -0.6, 3)], lambda a, c: torch.div(a, c, rounding_mode="floor"))
row("remainder", [u(3.1, 3.9, 2, 3), u(-1.9, -1.6, 3)], lambda a, c: torch.remainder(a, c))
row("remainder_scalar", [u(-3.9, -3.1, 2, 3)], lambda a: a % 2)
row("fmod", [u(-3.9, -3.1, 2, 3), u(1.6, 1.9, 3)], lambda a, c: torch.fmod(a, c))
row("neg", [n(2, 3)], lambda a: -a)
row("addcmul", [n(2, 3), n(2, 1), n(3)], lambda a, c, d: torch.addcmul(a, c, d, value=0.5))
row("addcdiv", [n(2, 3), n(2, 1), away(3)], lambda a, c, d: torch.addcdiv(a, c, d, value=0.5))
row("lerp", [n(2, 3), n(2, 3), u(0.1, 0.9, 2, 3)], lambda a, c, d: torch.lerp(a, c, d))
row("lerp_scalar", [n(2, 3), n(2, 3)], lambda a, c: torch.lerp(a, c, 0.3))

# Elementwise.
for name, low, high in [
    ("exp", -2, 2), ("exp2", -2, 2), ("expm1", -2, 2), ("log", 0.1, 4), ("log2", 0.1, 4), ("log10", 0.1, 4), ("log1p", -0.8, 3),
    ("sqrt", 0.1, 4), ("rsqrt", 0.1, 4), ("reciprocal", 0.3, 3), ("square", -2, 2), ("sin", -4, 4), ("cos", -4, 4), ("tan", -1.2, 1.2),
    ("asin", -0.9, 0.9), ("acos", -0.9, 0.9), ("atan", -3, 3), ("sinh", -2, 2), ("cosh", -2, 2), ("tanh", -2, 2), ("asinh", -3, 3),
    ("acosh", 1.2, 4), ("atanh", -0.8, 0.8), ("sigmoid", -4, 4), ("erf", -2, 2), ("erfc", -2, 2), ("erfinv", -0.9, 0.9),
    ("lgamma", 0.3, 5), ("digamma", 0.3, 5), ("frac", 0.1, 0.9), ("floor", 0.1, 0.9), ("ceil", 0.1, 0.9), ("round", 0.1, 0.4),
    ("trunc", 0.1, 0.9),
]:
    row(name, [u(low, high, 2, 3)], getattr(torch, name))
row("abs", [away(2, 3)], torch.abs)
row("sign", [away(2, 3)], torch.sign)
row("pow_2", [n(2, 3)], lambda a: a ** 2)
row("pow_3", [n(2, 3)], lambda a: a ** 3)
row("pow_half", [u(0.2, 2, 2, 3)], lambda a: a ** 0.5)
row("pow_minus1", [away(2, 3)], lambda a: a ** -1)
row("pow_frac", [u(0.2, 2, 2, 3)], lambda a: a ** 1.7)
row("pow_tensor", [u(0.2, 2, 2, 3), n(3)], lambda a, c: a ** c)
row("rpow", [n(2, 3)], lambda a: 2.5 ** a)
row("atan2", [away(2, 3), away(3)], torch.atan2)
row("hypot", [away(2, 3), away(3)], torch.hypot)
row("xlogy", [u(0.1, 2, 2, 3), u(0.1, 2, 3)], torch.xlogy)
row("logaddexp", [n(2, 3), n(3)], torch.logaddexp)
row("maximum", [distinct(2, 3), n(3)], torch.maximum)
row("minimum", [distinct(2, 3), n(3)], torch.minimum)
row("fmax", [distinct(2, 3), n(3)], torch.fmax)
row("fmin", [distinct(2, 3), n(3)], torch.fmin)
row("clamp", [n(2, 5)], lambda a: a.clamp(-0.5, 0.5))
row("clamp_min", [n(2, 5)], lambda a: a.clamp(min=-0.5))
row("clamp_max", [n(2, 5)], lambda a: a.clamp(max=0.5))
row("clamp_tensor", [n(2, 5), u(-1, -0.4, 5), u(0.4, 1, 5)], lambda a, c, d: torch.clamp(a, c, d))
row("where", [b(2, 3), n(2, 3), n(3)], lambda m, a, c: torch.where(m, a, c))
row("nan_to_num", [n(2, 3)], torch.nan_to_num)

# Activations.
row("relu", [away(2, 3)], F.relu)
row("relu6", [u(-2, 8, 2, 3)], F.relu6)
row("leaky_relu", [away(2, 3)], lambda a: F.leaky_relu(a, 0.2))
row("elu", [away(2, 3)], lambda a: F.elu(a, 1.3))
row("selu", [away(2, 3)], F.selu)
row("celu", [away(2, 3)], lambda a: F.celu(a, 1.3))
row("gelu", [n(2, 3)], F.gelu)
row("gelu_tanh", [n(2, 3)], lambda a: F.gelu(a, approximate="tanh"))
row("silu", [n(2, 3)], F.silu)
row("mish", [n(2, 3)], F.mish)
row("softplus", [n(2, 3)], lambda a: F.softplus(a, 1.5, 10))
row("logsigmoid", [n(2, 3)], F.logsigmoid)
row("hardtanh", [n(2, 5)], lambda a: F.hardtanh(a, -0.5, 0.7))
row("hardsigmoid", [n(2, 5)], F.hardsigmoid)
row("hardswish", [n(2, 5)], F.hardswish)
row("softsign", [away(2, 3)], F.softsign)
row("tanhshrink", [n(2, 3)], F.tanhshrink)
row("softshrink", [n(2, 5)], lambda a: F.softshrink(a, 0.4))
row("hardshrink", [n(2, 5)], lambda a: F.hardshrink(a, 0.4))
row("threshold", [n(2, 5)], lambda a: F.threshold(a, 0.1, 20))
row("glu", [n(2, 6)], lambda a: F.glu(a, -1))
row("prelu", [away(2, 3), u(0.1, 0.4, 3)], F.prelu)

# Reductions.
row("sum", [n(2, 3)], lambda a: a.sum())
row("sum_dim", [n(2, 3, 4)], lambda a: a.sum(1))
row("sum_dims_keep", [n(2, 3, 4)], lambda a: a.sum((0, 2), keepdim=True))
row("nansum", [n(2, 3)], lambda a: a.nansum())
row("mean", [n(2, 3)], lambda a: a.mean())
row("mean_dim", [n(2, 3, 4)], lambda a: a.mean((0, -1)))
row("prod", [n(2, 3)], lambda a: a.prod())
row("prod_dim", [n(2, 3)], lambda a: a.prod(1))
row("var", [n(2, 5)], lambda a: a.var())
row("var_dim", [n(2, 5)], lambda a: a.var(1, unbiased=False, keepdim=True))
row("std", [n(2, 5)], lambda a: a.std(1))
row("norm", [n(2, 3)], lambda a: a.norm())
row("norm_1", [away(2, 3)], lambda a: a.norm(1))
row("norm_3_dim", [away(2, 3)], lambda a: a.norm(3, dim=1))
row("norm_inf", [distinct(2, 3)], lambda a: a.norm(float("inf")))
row("logsumexp", [n(2, 3)], lambda a: a.logsumexp(1))
row("max", [distinct(2, 3)], lambda a: a.max())
row("max_dim", [distinct(2, 3)], lambda a: a.max(1)[0])
row("min", [distinct(2, 3)], lambda a: a.min())
row("min_dim", [distinct(2, 3)], lambda a: a.min(0, keepdim=True)[0])
row("amax", [distinct(2, 3, 2)], lambda a: a.amax((0, 2)))
row("amin", [distinct(2, 3)], lambda a: a.amin(1))
row("median", [distinct(2, 5)], lambda a: a.median())
row("median_dim", [distinct(2, 5)], lambda a: a.median(1)[0])
row("kthvalue", [distinct(2, 5)], lambda a: a.kthvalue(2, 1)[0])
row("cumsum", [n(2, 3)], lambda a: a.cumsum(1))
row("cumprod", [n(2, 3)], lambda a: a.cumprod(1))
row("cummax", [distinct(2, 5)], lambda a: a.cummax(1)[0])
row("cummin", [distinct(2, 5)], lambda a: a.cummin(1)[0])
row("logcumsumexp", [n(2, 3)], lambda a: a.logcumsumexp(1))
row("diff", [n(2, 5)], lambda a: a.diff())
row("softmax", [n(2, 3)], lambda a: a.softmax(1))
row("softmax_dim0", [n(3, 2, 2)], lambda a: a.softmax(0))
row("log_softmax", [n(2, 3)], lambda a: a.log_softmax(1))

# Views and shapes.
row("view", [n(2, 6)], lambda a: a.view(3, -1))
row("reshape", [n(2, 6)], lambda a: a.t().reshape(4, 3))
row("flatten", [n(2, 3, 2)], lambda a: a.flatten(1))
row("transpose", [n(2, 3, 2)], lambda a: a.transpose(0, 2))
row("t", [n(2, 3)], lambda a: a.t())
row("permute", [n(2, 3, 4)], lambda a: a.permute(2, 0, 1))
row("movedim", [n(2, 3, 4)], lambda a: a.movedim(0, 2))
row("squeeze", [n(2, 1, 3)], lambda a: a.squeeze(1))
row("squeeze_all", [n(1, 2, 1)], lambda a: a.squeeze())
row("unsqueeze", [n(2, 3)], lambda a: a.unsqueeze(1))
row("expand", [n(2, 1)], lambda a: a.expand(3, 2, 4))
row("select", [n(2, 3)], lambda a: a.select(1, -1))
row("narrow", [n(2, 5)], lambda a: a.narrow(1, 1, 3))
row("slice", [n(2, 7)], lambda a: a[:, 1:6:2])
row("diagonal", [n(3, 4)], lambda a: a.diagonal(1))
row("diagonal_batch", [n(2, 3, 3)], lambda a: a.diagonal(0, 1, 2))
row("unfold", [n(2, 7)], lambda a: a.unfold(1, 3, 2))
row("as_strided", [n(3, 4)], lambda a: a.as_strided((2, 3), (4, 2), 1))
row("as_strided_overlap", [n(3, 4)], lambda a: a.as_strided((3, 3), (1, 2), 2))
row("cat", [n(2, 2), n(2, 3)], lambda a, c: torch.cat([a, c], 1))
row("stack", [n(2, 3), n(2, 3)], lambda a, c: torch.stack([a, c], 1))
row("hstack", [n(2, 3), n(2, 1)], lambda a, c: torch.hstack([a, c]))
row("vstack", [n(2, 3), n(1, 3)], lambda a, c: torch.vstack([a, c]))
row("chunk", [n(5, 2)], lambda a: torch.chunk(a, 2)[1])
row("split", [n(5, 2)], lambda a: torch.split(a, 2)[2])
row("split_sizes", [n(5, 2)], lambda a: torch.split(a, [2, 3])[1])
row("unbind", [n(3, 2)], lambda a: a.unbind(0)[1])
row("repeat", [n(2, 3)], lambda a: a.repeat(2, 1, 2))
row("repeat_interleave", [n(2, 3)], lambda a: a.repeat_interleave(2, 1))
row("tile", [n(2, 3)], lambda a: a.tile((2, 2)))
row("flip", [n(2, 3)], lambda a: a.flip(0, 1))
row("roll", [n(2, 5)], lambda a: a.roll(2, 1))
row("rot90", [n(2, 3)], lambda a: a.rot90())
row("tril", [n(3, 3)], lambda a: a.tril())
row("triu", [n(2, 3, 3)], lambda a: a.triu(1))
row("diag", [n(3)], lambda a: a.diag(1))
row("diag_matrix", [n(3, 4)], lambda a: a.diag(-1))
row("diag_embed", [n(2, 3)], lambda a: a.diag_embed())
row("clone", [n(2, 3)], lambda a: a.clone())
row("contiguous", [n(2, 3)], lambda a: a.t().contiguous())
row("meshgrid", [n(2), n(3)], lambda a, c: torch.meshgrid(a, c, indexing="ij")[0] * torch.meshgrid(a, c, indexing="ij")[1])
row("pad", [n(2, 3)], lambda a: F.pad(a, (1, 2), value=0.5))

# Indexing.
row("index", [i(3, 4), n(3, 2)], lambda k, a: a[k])
row("index_two", [i(3, 4), i(2, 4), n(3, 2)], lambda k, l, a: a[k, l])
row("index_mask", [b(2, 3), n(2, 3)], lambda m, a: a[m])
row("index_put", [i(3, 2), n(3, 2), n(2, 2)], lambda k, a, c: a.index_put((k,), c, accumulate=True))
row("gather", [i(2, 3, 2), n(2, 2)], lambda k, a: a.expand(2, 2).gather(0, k[:2]))
row("scatter", [torch.tensor([[0, 1, 2], [2, 0, 1]]), n(3, 3), n(2, 3)], lambda k, a, c: a.scatter(0, k, c))
row("scatter_add", [i(3, 2, 3), n(3, 3), n(2, 3)], lambda k, a, c: a.scatter_add(0, k, c))
row("index_select", [i(3, 4), n(3, 2)], lambda k, a: a.index_select(0, k))
row("index_add", [i(3, 2), n(3, 2), n(2, 2)], lambda k, a, c: a.index_add(0, k, c))
row("index_copy", [torch.tensor([2, 0]), n(3, 2), n(2, 2)], lambda k, a, c: a.index_copy(0, k, c))
row("index_fill", [torch.tensor([2, 0]), n(3, 2)], lambda k, a: a.index_fill(0, k, 1.5))
row("masked_fill", [b(2, 3), n(2, 3)], lambda m, a: a.masked_fill(m, 0.5))
row("masked_select", [b(2, 3), n(2, 3)], lambda m, a: a.masked_select(m))
row("take", [i(6, 4), n(2, 3)], lambda k, a: a.take(k))
row("take_along_dim", [i(2, 1, 3), n(2, 3)], lambda k, a: a.take_along_dim(k, 0))
row("sort", [distinct(2, 5)], lambda a: a.sort(1)[0])
row("sort_descending", [distinct(5, 2)], lambda a: a.sort(0, descending=True)[0])
row("topk", [distinct(2, 5)], lambda a: a.topk(2, 1)[0])
row("embedding", [i(4, 2, 3), n(4, 2)], lambda k, w: F.embedding(k, w))

# Products.
row("einsum_trace", [n(3, 3)], lambda a: torch.einsum("ii", a))
row("einsum_diagonal", [n(3, 3)], lambda a: torch.einsum("ii->i", a))
row("einsum_outer", [n(2), n(3)], lambda a, c: torch.einsum("i,j->ij", a, c))
row("einsum_batch", [n(2, 2, 3), n(2, 3, 2)], lambda a, c: torch.einsum("bij,bjk->bik", a, c))
row("einsum_sublist", [n(2, 2, 3), n(2, 3, 2)], lambda a, c: torch.einsum(a, [..., 0, 1], c, [..., 1, 2], [..., 0, 2]))
row("einsum_permute", [n(2, 3, 2)], lambda a: torch.einsum("...ij->...ji", a))
row("einsum_bilinear", [n(2, 3), n(2, 3, 2), n(2, 2)], lambda l, a, r: torch.einsum("bn,anm,bm->ba", l, a, r))
row("einsum_sum", [n(2, 3)], lambda a: torch.einsum("ij->j", a))
row("einsum_broadcast", [n(1, 3), n(2, 3)], lambda a, c: torch.einsum("ij,ij->ij", a, c))
row("einsum_attention", [n(2, 3, 1, 2), n(2, 2, 1, 2)], lambda q, k: torch.einsum("bqhd,bkhd->bhqk", q, k))
row("matmul", [n(2, 3), n(3, 2)], torch.matmul)
row("matmul_vector", [n(2, 2, 3), n(3)], torch.matmul)
row("matmul_broadcast", [n(2, 1, 2, 3), n(2, 3, 2)], torch.matmul)
row("mm", [n(2, 3), n(3, 2)], torch.mm)
row("bmm", [n(2, 2, 3), n(2, 3, 2)], torch.bmm)
row("mv", [n(2, 3), n(3)], torch.mv)
row("dot", [n(3), n(3)], torch.dot)
row("outer", [n(2), n(3)], torch.outer)
row("inner", [n(2, 3), n(2, 3)], torch.inner)
row("addmm", [n(2, 2), n(2, 3), n(3, 2)], lambda c, a, d: torch.addmm(c, a, d, beta=0.5, alpha=2))
row("addmv", [n(2), n(2, 3), n(3)], torch.addmv)
row("addr", [n(2, 3), n(2), n(3)], torch.addr)
row("baddbmm", [n(2, 2, 2), n(2, 2, 3), n(2, 3, 2)], torch.baddbmm)
row("tensordot", [n(2, 3), n(3, 2)], lambda a, c: torch.tensordot(a, c, 1))
row("trace", [n(3, 3)], torch.trace)
row("kron", [n(2, 2), n(1, 3)], torch.kron)
row("cross", [n(2, 3), n(2, 3)], lambda a, c: torch.cross(a, c, dim=1))
row("matrix_power", [n(2, 2)], lambda a: a.matrix_power(3))
row("linear", [n(2, 3), n(2, 3), n(2)], F.linear)
row("bilinear", [n(2, 3), n(2, 2), n(2, 3, 2), n(2)], F.bilinear)
row("inverse", [spd(3)], torch.inverse)
row("det", [spd(3)], torch.det)
row("cholesky", [spd(3)], lambda a: torch.linalg.cholesky((a + a.T) / 2))
row("solve", [spd(3), n(3, 2)], torch.linalg.solve)

# Losses.
row("mse_loss", [n(2, 3), n(2, 3)], F.mse_loss)
row("l1_loss", [distinct(2, 3), n(2, 3)], F.l1_loss)
row("smooth_l1_loss", [n(2, 3), n(2, 3)], F.smooth_l1_loss)
row("huber_loss", [n(2, 3), n(2, 3)], lambda a, c: F.huber_loss(a, c, delta=0.7))
row("nll_loss", [i(4, 3), n(3, 4)], lambda t, a: F.nll_loss(a, t))
row("cross_entropy", [i(4, 3), n(3, 4)], lambda t, a: F.cross_entropy(a, t))
row("cross_entropy_smooth", [i(4, 3), n(3, 4)], lambda t, a: F.cross_entropy(a, t, label_smoothing=0.1))
row("cross_entropy_sum_2d", [i(3, 2, 2), n(2, 3, 2)], lambda t, a: F.cross_entropy(a, t, reduction="sum"))
row("binary_cross_entropy", [u(0.1, 0.9, 2, 3), u(0.1, 0.9, 2, 3)], lambda a, t: F.binary_cross_entropy(a, t.detach()))
row("bce_with_logits", [n(2, 3), u(0, 1, 2, 3)], lambda a, t: F.binary_cross_entropy_with_logits(a, t.detach()))
row("kl_div", [n(2, 3), u(0.1, 0.9, 2, 3)], lambda a, t: F.kl_div(a, t.detach(), reduction="batchmean"))
row("cosine_similarity", [n(2, 3), n(2, 3)], F.cosine_similarity)
row("layer_norm", [n(2, 3), n(3), n(3)], lambda a, w, c: F.layer_norm(a, (3,), w, c))
row("batch_norm", [n(4, 3), n(3), n(3)], lambda a, w, c: F.batch_norm(a, None, None, w, c, training=True))
row("group_norm", [n(2, 4, 2), n(4), n(4)], lambda a, w, c: F.group_norm(a, 2, w, c))


def plain(tensor):
    return {"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape), "data": tensor.detach().flatten().tolist()}


table = {}
for name, inputs, function in rows:
    outputs = function(*inputs)
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    total = sum((o * torch.cos(torch.arange(o.numel(), dtype=torch.float64)).reshape(o.shape)).sum() for o in outputs)
    wanted = [x for x in inputs if x.requires_grad]
    if total.requires_grad:
        grads = torch.autograd.grad(total, wanted, allow_unused=True)
        grads = [torch.zeros_like(x) if g is None else g for x, g in zip(wanted, grads)]
    else:
        grads = [torch.zeros_like(x) for x in wanted]
    assert name not in table, name
    table[name] = {"inputs": [plain(x) for x in inputs], "outputs": [plain(o) for o in outputs], "grads": [plain(g) for g in grads]}

print("{")
print(",\n".join(f'"{name}": {json.dumps(entry, separators=(",", ":"))}' for name, entry in table.items()))
print("}")
