#!/usr/bin/env python3
"""Writes pooling.json, the rows of tests/nn/pooling_test.cpp (indices are outputs), and ("random_...") what random windows
give, in float32: python3 make_pooling.py > pooling.json
"""
import math

import torch
import torch.nn.functional as F

from rows import c, distinct, n, row, seeded, u, write

torch.manual_seed(22)

# Kernel, stride, padding, dilation, ceil_mode.
MAX = {
    "max1": ((2, 2, 7), (2,)),
    "max1_padded": ((2, 2, 7), (3, 2, 1)),
    "max1_dilated_ceil": ((1, 2, 8), (3, 2, 1, 2, True)),
    "max1_unbatched": ((3, 6), (3, 1)),
    "max2": ((2, 2, 4, 6), (2,)),
    "max2_padded": ((1, 2, 5, 7), (3, 2, 1)),
    "max2_mixed": ((1, 2, 5, 6), ((3, 2), (1, 2), (1, 0), (1, 2))),
    "max2_ceil": ((1, 2, 6, 5), (3, 2, 0, 1, True)),
    "max2_ceil_dropped": ((1, 2, 4, 5), (2, 3, 1, 1, True)),  # the last window would begin in the right padding
    "max2_wide_stride": ((1, 1, 7, 8), (2, 3)),
    "max2_unbatched": ((2, 4, 4), (2, 1)),
    "max3": ((1, 2, 2, 4, 5), (2,)),
    "max3_mixed": ((1, 1, 4, 5, 5), ((2, 3, 2), (1, 2, 1), (1, 1, 0), (1, 1, 2), True)),
    "max3_unbatched": ((2, 2, 3, 3), (2, 1)),
}
for name, (shape, arguments) in MAX.items():
    function = getattr(F, f"max_pool{name[3]}d")
    row(name, [distinct(*shape)], lambda x: function(x, *arguments, return_indices=True))

# Kernel, stride, padding, ceil_mode, count_include_pad, divisor_override.
AVG = {
    "avg1": ((2, 2, 7), (2,)),
    "avg1_padded_ceil": ((1, 2, 8), (3, 2, 1, True)),
    "avg1_excluded": ((1, 2, 8), (4, 3, 2, True, False)),
    "avg1_unbatched": ((3, 6), (3, 1)),
    "avg2": ((2, 2, 4, 6), (2,)),
    "avg2_padded": ((1, 2, 5, 7), (3, 2, 1)),
    "avg2_mixed": ((1, 2, 5, 6), ((3, 2), (1, 2), (1, 0), True)),
    "avg2_excluded": ((1, 2, 6, 5), (3, 2, 1, True, False)),
    "avg2_ceil_dropped": ((1, 2, 4, 5), (2, 3, 1, True)),
    "avg2_divisor": ((1, 2, 5, 5), (3, 2, 1, False, True, 7)),
    "avg2_unbatched": ((2, 4, 4), (2, 1)),
    "avg3": ((1, 2, 2, 4, 5), (2,)),
    "avg3_excluded": ((1, 1, 4, 5, 5), ((2, 3, 2), (1, 2, 2), (1, 1, 0), True, False)),
    "avg3_divisor": ((2, 2, 3, 3), (2, 1, 1, False, True, -3)),
}
for name, (shape, arguments) in AVG.items():
    function = getattr(F, f"avg_pool{name[3]}d")
    row(name, [n(*shape)], lambda x: function(x, *arguments))
row("avg2_long", [torch.randint(-20, 20, (1, 2, 5, 6))], lambda x: F.avg_pool2d(x, 3, 2, 1, True, False))
row("avg3_long", [torch.randint(-20, 20, (1, 2, 2, 4, 4))], lambda x: F.avg_pool3d(x, 2))

ADAPTIVE = {
    "1": ((2, 2, 7), 3),
    "1_unbatched": ((2, 5), 5),
    "2": ((1, 2, 5, 7), (3, 2)),
    "2_one": ((2, 2, 3, 4), 1),
    "2_larger": ((1, 2, 2, 3), (3, 5)),
    "2_kept": ((1, 2, 4, 6), (None, 4)),
    "2_unbatched": ((2, 5, 4), 2),
    "3": ((1, 2, 3, 4, 3), (2, 3, 2)),
    "3_kept": ((1, 3, 3, 2), (None, 2, None)),
    "3_one": ((1, 2, 2, 3, 2), 1),
}
for name, (shape, size) in ADAPTIVE.items():
    average, largest = (getattr(F, f"adaptive_{kind}_pool{name[0]}d") for kind in ("avg", "max"))
    row("adaptive_avg" + name, [n(*shape)], lambda x: average(x, size))
    row("adaptive_max" + name, [distinct(*shape)], lambda x: largest(x, size, return_indices=True))

# Unpooling.
_, i = F.max_pool1d(distinct(2, 2, 7), 2, return_indices=True)
row("unpool1", [n(2, 2, 3), i], lambda x, i: F.max_unpool1d(x, i, 2))
row("unpool1_size", [n(2, 2, 3), i], lambda x, i: F.max_unpool1d(x, i, 2, output_size=(7,)))
_, i = F.max_pool2d(distinct(1, 2, 5, 6), 2, 2, 1, return_indices=True)
row("unpool2", [n(1, 2, 3, 4), i], lambda x, i: F.max_unpool2d(x, i, 2, 2, 1, output_size=(1, 2, 5, 6)))
row("unpool2_unbatched", [n(2, 3, 4), i[0]], lambda x, i: F.max_unpool2d(x, i, 2, 2, 1, output_size=(5, 6)))
i = torch.tensor([[[[3, 3], [0, 3]]]])
row("unpool2_equal_indices", [n(1, 1, 2, 2), i], lambda x, i: F.max_unpool2d(x, i, 2, 1, 0))
_, i = F.max_pool3d(distinct(1, 2, 2, 4, 4), 2, return_indices=True)
row("unpool3", [n(1, 2, 1, 2, 2), i], lambda x, i: F.max_unpool3d(x, i, 2))

# Random windows, at given places.
row("fractional2", [distinct(2, 2, 5, 7), c(u(0, 1, 2, 2, 2))],
    lambda x, s: F.fractional_max_pool2d(x, 2, (3, 4), return_indices=True, _random_samples=s))
row("fractional2_ratio", [distinct(2, 6, 7), c(u(0, 1, 1, 2, 2))],
    lambda x, s: F.fractional_max_pool2d(x, (3, 2), output_ratio=(0.5, 0.7), return_indices=True, _random_samples=s))
row("fractional3", [distinct(1, 2, 4, 4, 5), c(u(0, 1, 1, 2, 3))],
    lambda x, s: F.fractional_max_pool3d(x, (2, 1, 2), (2, 3, 3), return_indices=True, _random_samples=s))

row("lp1", [n(2, 2, 7)], lambda x: F.lp_pool1d(x, 2, 3, 2))
row("lp1_unbatched", [u(0.2, 2, 2, 7)], lambda x: F.lp_pool1d(x, 3.5, 2, ceil_mode=True))
row("lp2", [u(0.2, 2, 1, 2, 5, 6)], lambda x: F.lp_pool2d(x, 1.5, (3, 2), (2, 1)))
row("lp2_ceil", [n(1, 2, 5, 5)], lambda x: F.lp_pool2d(x, 2, 2, ceil_mode=True))

# Ties, NaN and -inf: which element counts.
nan, inf = math.nan, math.inf
x = torch.tensor([[[nan, 1, nan, 2, -inf], [3, nan, 0, 1, -inf], [1, 1, 5, 5, -inf], [1, 1, 5, inf, -inf], [-inf, -inf, -inf, -inf, -inf]]])
for name, y in (("max", x), ("negative", -x), ("lowest", torch.full_like(x, -inf))):
    row(f"special_{name}", [y.double()], lambda x: F.max_pool2d(x, 3, 2, 1, return_indices=True))
    row(f"special_{name}_dilated", [y.double()], lambda x: F.max_pool2d(x, 2, 1, 1, 2, return_indices=True))
    row(f"special_{name}_3d", [y.double()[None]], lambda x: F.max_pool3d(x, (1, 2, 2), 1, (0, 1, 1), return_indices=True))
    row(f"special_{name}_adaptive", [y.double()], lambda x: F.adaptive_max_pool2d(x, 3, return_indices=True))

x = torch.arange(2 * 2 * 7 * 9).sin().reshape(2, 2, 7, 9)
for name, function in {
    "2": lambda: F.fractional_max_pool2d(x, 2, (3, 5)),
    "2_unbatched": lambda: F.fractional_max_pool2d(x[0], 3, output_ratio=0.5),
    "3": lambda: F.fractional_max_pool3d(x[None], (1, 2, 2), (1, 4, 5)),
    "3_double": lambda: F.fractional_max_pool3d(x.double(), (1, 2, 2), (1, 4, 5)),
}.items():
    seeded("random_" + name, function)
write()
