#!/usr/bin/env python3
"""Writes special.json, the rows of tests/compat/special_test.cpp: python3 make_special.py > special.json"""
import torch

from rows import c, row, u, write

torch.manual_seed(53)

for name in ("i0e", "i1", "i1e", "erfcx", "log_ndtr"):
    row(name, [u(-3, 3, 7)], getattr(torch.special, name))
row("i0e_far", [u(25, 90, 5)], torch.special.i0e)
row("i1e_far", [u(-90, -25, 5)], torch.special.i1e)
row("erfcx_far", [u(2, 90, 5)], torch.special.erfcx)
row("log_ndtr_far", [u(-90, -3, 5)], torch.special.log_ndtr)
row("igamma", [c(u(0.2, 6, 3, 1)), u(0.1, 9, 4)], torch.igamma)
row("igammac", [c(u(0.2, 6, 3, 1)), u(0.1, 9, 4)], torch.igammac)
row("igammac_large", [c(u(50, 400, 5)), u(50, 400, 5)], torch.igammac)
row("zeta", [c(u(1.1, 6, 3, 1)), u(0.2, 15, 4)], torch.special.zeta)
for name in ("bessel_j0", "bessel_j1", "modified_bessel_i0", "modified_bessel_i1", "spherical_bessel_j0"):
    row(name, [c(u(-12, 12, 7))], getattr(torch.special, name))
for name in ("bessel_y0", "bessel_y1", "modified_bessel_k0", "modified_bessel_k1"):
    row(name, [c(u(0.2, 12, 7))], getattr(torch.special, name))
for name in ("chebyshev_polynomial_t", "chebyshev_polynomial_u", "chebyshev_polynomial_v", "chebyshev_polynomial_w",
             "shifted_chebyshev_polynomial_t", "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v",
             "shifted_chebyshev_polynomial_w", "hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l",
             "legendre_polynomial_p"):
    row(name, [c(u(-0.9, 1.4, 6, 1))], lambda x: getattr(torch.special, name)(x, torch.tensor([-1.0, 0, 1, 2, 5, 9], dtype=torch.float64)))
for name in ("scaled_modified_bessel_k0", "scaled_modified_bessel_k1"):
    row(name, [c(u(0.2, 60, 9))], getattr(torch.special, name))
row("airy_ai", [c(u(-6, 6, 9))], torch.special.airy_ai)

write()
