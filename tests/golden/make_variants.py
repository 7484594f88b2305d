#!/usr/bin/env python3
"""Writes variants.json, the rows of tests/compat/variants_test.cpp: python3 make_variants.py > variants.json"""
import torch

from rows import c, n, row, u, write

torch.manual_seed(47)

# Arguments of another kind than usual.
row("round_decimals", [u(-9, 9, 6)], lambda x: torch.round(x, decimals=2))
row("round_tens", [u(-90, 90, 6)], lambda x: torch.round(x, decimals=-1))
row("angle", [n(6)], torch.angle)
row("clamp_in_place", [n(2, 3), u(-0.6, -0.3, 3), u(0.3, 0.6, 2, 1)], lambda x, a, b: x.clone().clamp_(a, b))
row("clamp_min_in_place", [n(2, 3), n(3)], lambda x, a: x.clone().clamp_min_(a))
row("clamp_max_in_place", [n(2, 3), n(3)], lambda x, a: x.clone().clamp_max_(a))
row("lerp_in_place", [n(2, 3), n(3), u(0.1, 0.9, 2, 1)], lambda x, end, w: x.clone().lerp_(end, w))
row("div_floor_in_place", [u(1.1, 1.9, 2, 3), u(-0.9, -0.6, 3)], lambda x, y: x.clone().div_(y, rounding_mode="floor"))
row("xlogy_scalar", [u(0.1, 2, 4)], lambda x: x.clone().xlogy_(3.5) + torch.xlogy(x, 2))
row("ldexp_in_place", [n(3), c(torch.tensor([-1.0, 0.0, 2.0], dtype=torch.float64))], torch.ldexp)  # which cannot do it in place
row("polygamma_in_place", [u(0.5, 3, 4)], lambda x: x.clone().polygamma_(1))
row("mvlgamma_in_place", [u(1.5, 2.5, 4)], lambda x: x.clone().mvlgamma_(2))
row("norm_dtype", [n(3, 4)], lambda x: torch.norm(x, 3, dim=1, keepdim=True, dtype=torch.float64))
row("quantile_method", [n(3, 5)], lambda x: x.quantile(c(torch.tensor([0.25, 0.6], dtype=torch.float64)), 1))
row("quantile_higher", [n(3, 5)], lambda x: x.quantile(0.3, 1, True, interpolation="higher"))
row("diff_ends", [n(2, 4), n(2, 1), n(2, 2)], lambda x, a, b: x.diff(1, 1, a, b))
row("narrow_tensor", [n(5, 2)], lambda x: torch.narrow(x, 0, torch.tensor(2), 3))
row("tensor_split_tensor", [n(5, 2)], lambda x: x.tensor_split(torch.tensor([1, 3])))

# Linear algebra.


def spd(*shape):
    a = torch.randn(shape, dtype=torch.float64)
    return (a @ a.mT + 2 * torch.eye(shape[-1], dtype=torch.float64)).requires_grad_()


row("cholesky_ex", [spd(2, 3, 3)], lambda x: torch.linalg.cholesky_ex((x + x.mT) / 2)[0])
row("inv_ex", [spd(2, 3, 3)], lambda x: torch.linalg.inv_ex(x)[0])
row("solve_ex", [spd(2, 3, 3), n(2, 3, 2)], lambda x, b: torch.linalg.solve_ex(x, b)[0])
row("lu", [spd(2, 3, 3)], torch.linalg.lu)
row("lu_solve_adjoint", [spd(2, 3, 3), n(2, 3, 2)],
    lambda x, b: torch.linalg.lu_solve(*torch.linalg.lu_factor(x), b, adjoint=True))
row("lu_solve_right", [spd(2, 3, 3), n(2, 2, 3)],
    lambda x, b: torch.linalg.lu_solve(*torch.linalg.lu_factor(x), b, left=False))
row("householder_product", [n(2, 4, 3), n(2, 2)], torch.linalg.householder_product)
row("ormqr", [c(n(4, 3)), c(n(3)), c(n(4, 2))], torch.ormqr)
row("ormqr_right", [c(n(4, 3)), c(n(3)), c(n(2, 4))], lambda x, t, y: torch.ormqr(x, t, y, left=False, transpose=True))
row("geqrf", [c(n(2, 4, 3))], torch.geqrf)
row("tensorsolve", [n(2, 3, 6), n(2, 3)], torch.linalg.tensorsolve)
row("tensorsolve_dims", [n(6, 2, 3), n(2, 3)], lambda a, b: torch.linalg.tensorsolve(a, b, dims=(0,)))
row("tensorinv", [n(4, 2, 2)], lambda x: torch.linalg.tensorinv(x, 1))
row("linalg_vander", [n(2, 3)], lambda x: torch.linalg.vander(x, N=4))
for p in (None, 2, -2):
    row(f"cond_{p}", [spd(2, 3, 3)], lambda x: torch.linalg.cond(x, p))
for p in (1, -1, float("inf"), "fro", "nuc"):  # whose gradient by torch.linalg.cond itself is an error
    row(f"cond_{p}", [spd(2, 3, 3)], lambda x: torch.linalg.norm(x, p, (-2, -1)) * torch.linalg.norm(x.inverse(), p, (-2, -1)))
row("pinv_tolerances", [n(2, 3, 2)], lambda x: torch.linalg.pinv(x, rtol=c(torch.tensor([1e-3, 1e-5], dtype=torch.float64))))

write()
