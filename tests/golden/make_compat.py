#!/usr/bin/env python3
"""Writes compat.json, the rows of tests/compat/functions_test.cpp: python3 make_compat.py > compat.json"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from rows import c, n, row, u, write

torch.manual_seed(31)


def places(*shape):  # some of them outside of the image
    return u(-1.3, 1.3, *shape)


for mode in ("bilinear", "nearest", "bicubic"):
    for padding in ("zeros", "border", "reflection"):
        for align in (False, True):
            row(f"grid_sample_{mode}_{padding}{'_aligned' if align else ''}", [n(2, 2, 4, 5), places(2, 3, 2, 2)],
                lambda x, g: F.grid_sample(x, g, mode, padding, align))
for mode in ("bilinear", "nearest"):
    for padding in ("zeros", "border", "reflection"):
        row(f"grid_sample_3d_{mode}_{padding}", [n(1, 2, 3, 4, 2), places(1, 2, 2, 2, 3)],
            lambda x, g: F.grid_sample(x, g, mode, padding, True))
row("affine_grid", [n(2, 2, 3)], lambda t: F.affine_grid(t, [2, 1, 3, 4], False))
row("affine_grid_aligned", [n(2, 2, 3)], lambda t: F.affine_grid(t, [2, 1, 3, 1], True))
row("affine_grid_3d", [n(1, 3, 4)], lambda t: F.affine_grid(t, [1, 1, 2, 3, 2], False))
row("channel_shuffle", [c(n(2, 6, 2, 3))], lambda x: torch.channel_shuffle(x, 3))

row("sinc", [torch.tensor([0.0, 0.5, -1.25, 3.0], dtype=torch.float64).requires_grad_()], torch.sinc)
row("mvlgamma", [u(1.5, 2.5, 5)], lambda x: torch.mvlgamma(x, 3))
row("copysign", [n(4), torch.tensor([1.0, -1.0, 0.0, -0.0], dtype=torch.float64)], torch.copysign)
row("ldexp", [n(3), torch.tensor([-1.0, 0.0, 2.0], dtype=torch.float64)], torch.ldexp)
row("heaviside", [torch.tensor([-1.0, 0.0, 2.0], dtype=torch.float64), torch.tensor([0.5, 0.25, 0.5], dtype=torch.float64)], torch.heaviside)
row("trapezoid", [n(2, 4, 3)], lambda y: torch.trapezoid(y, dx=0.5, dim=1))
row("trapezoid_points", [n(2, 4), n(4)], torch.trapezoid)
row("trapezoid_points_dim", [n(4, 2), n(4)], lambda y, x: torch.trapezoid(y, x, dim=0))
row("cumulative_trapezoid", [n(2, 4)], torch.cumulative_trapezoid)
row("vander", [c(n(3))], lambda x: torch.vander(x, 4, True))
row("cov", [n(3, 5)], torch.cov)
row("cov_weights", [n(2, 4), torch.tensor([1, 2, 1, 3]), torch.tensor([0.5, 1.0, 2.0, 0.25], dtype=torch.float64)],
    lambda x, f, a: torch.cov(x, correction=1, fweights=f, aweights=a))
row("cov_vector", [n(4)], torch.cov)
row("corrcoef", [n(3, 5)], torch.corrcoef)
row("renorm", [n(3, 4)], lambda x: torch.renorm(x, 2, 0, 1.5))
row("select_scatter", [n(3, 4), n(3)], lambda x, s: torch.select_scatter(x, s, 1, -1))
row("slice_scatter", [n(5, 2), n(2, 2)], lambda x, s: torch.slice_scatter(x, s, 0, 1, 5, 2))
row("diagonal_scatter", [n(3, 3), n(2)], lambda x, s: torch.diagonal_scatter(x, s, 1))
row("multi_dot", [n(2, 3), n(3, 4), n(4, 2)], lambda *matrices: torch.linalg.multi_dot(matrices))
row("multi_dot_vectors", [n(3), n(3, 4), n(4)], lambda *matrices: torch.linalg.multi_dot(matrices))
row("cond", [n(3, 3)], torch.linalg.cond)
row("vecdot", [n(2, 3), n(2, 3)], torch.linalg.vecdot)
for name in ("hann", "hamming", "blackman", "bartlett"):
    make = getattr(torch, name + "_window")
    row(name + "_window", [], lambda: [make(7, dtype=torch.float64), make(4, periodic=False, dtype=torch.float64), make(1, dtype=torch.float64)])
row("isin", [torch.tensor([[1, 4], [7, 2]]), torch.tensor([2, 7, 7])], lambda x, t: torch.isin(x, t))
row("in_place", [n(3), n(3)], lambda x, y: [x.clone().cumsum_(0), x.clone().cumprod_(0), x.clone().atan2_(y), x.clone().hypot_(y), x.clone().deg2rad_()])

softmax = nn.AdaptiveLogSoftmaxWithLoss(8, 10, [4, 8], div_value=2.0).double()
parameters = [n(*p.shape) for p in softmax.parameters()]
names = [key for key, _ in softmax.named_parameters()]
target = torch.tensor([0, 9, 4, 3, 7])


def adaptive(x, t, *p):
    with torch.nn.utils.stateless._reparametrize_module(softmax, dict(zip(names, p))):
        return [softmax(x, t).output, softmax.log_prob(x), softmax.predict(x)]


row("adaptive_log_softmax", [n(5, 8), target, *parameters], adaptive)
write()
