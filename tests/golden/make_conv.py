#!/usr/bin/env python3
"""Writes conv.json, the rows of tests/nn/conv_test.cpp: python3 make_conv.py > conv.json"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from rows import init, n, row, write

torch.manual_seed(22)

row("conv1d", [n(2, 3, 7), n(4, 3, 3), n(4)], F.conv1d)
row("conv1d_options", [n(2, 4, 9), n(6, 2, 3), n(6)], lambda x, w, b: F.conv1d(x, w, b, 2, 1, 2, 2))
row("conv1d_same_even", [n(2, 2, 6), n(3, 2, 4)], lambda x, w: F.conv1d(x, w, padding="same"))
row("conv1d_unbatched", [n(3, 7), n(4, 3, 3)], F.conv1d)
row("conv2d", [n(2, 3, 5, 6), n(4, 3, 3, 2), n(4)], F.conv2d)
row("conv2d_no_bias", [n(1, 1, 5, 5), n(20, 1, 3, 3)], F.conv2d)
row("conv2d_stride", [n(2, 3, 7, 6), n(2, 3, 3, 3), n(2)], lambda x, w, b: F.conv2d(x, w, b, (2, 3), (1, 2)))
row("conv2d_dilation", [n(2, 2, 8, 7), n(3, 2, 3, 2)], lambda x, w: F.conv2d(x, w, None, 1, (2, 0), (2, 3)))
row("conv2d_depthwise", [n(2, 4, 5, 5), n(8, 1, 3, 3), n(8)], lambda x, w, b: F.conv2d(x, w, b, 1, 1, 1, 4))
row("conv2d_same", [n(2, 2, 5, 4), n(3, 2, 4, 3)], lambda x, w: F.conv2d(x, w, padding="same", dilation=(1, 2)))
row("conv2d_wide", [n(1, 17, 4, 4), n(33, 17, 1, 1)], F.conv2d)
row("conv3d", [n(1, 2, 4, 3, 4), n(3, 2, 2, 2, 3), n(3)], F.conv3d)
row("conv3d_options", [n(2, 2, 4, 5, 4), n(2, 1, 2, 3, 2)], lambda x, w: F.conv3d(x, w, None, (2, 1, 1), (0, 1, 1), (1, 1, 2), 2))
row("conv_transpose1d", [n(2, 3, 5), n(3, 2, 4), n(2)], lambda x, w, b: F.conv_transpose1d(x, w, b, 3, 1, 2))
row("conv_transpose2d", [n(2, 3, 4, 3), n(3, 4, 3, 2), n(4)], F.conv_transpose2d)
row("conv_transpose2d_options", [n(2, 4, 3, 4), n(4, 3, 3, 3), n(6)], lambda x, w, b: F.conv_transpose2d(x, w, b, (2, 1), (1, 0), (1, 0), 2, (1, 2)))
row("conv_transpose3d", [n(1, 2, 2, 3, 2), n(2, 3, 2, 2, 2), n(3)], lambda x, w, b: F.conv_transpose3d(x, w, b, 2, 1))


def layer(name, module, *inputs):  # inputs: x, then the layer's parameters in order
    module = module.double()
    names = [key for key, _ in module.named_parameters()]
    parameters = [n(*p.shape) for p in module.parameters()]
    row(name, [*inputs, *parameters], lambda x, *p: torch.nn.utils.stateless.functional_call(module, dict(zip(names, p)), x))


for mode in ("reflect", "replicate", "circular"):
    layer(f"layer_conv2d_{mode}", nn.Conv2d(2, 3, (3, 2), padding=(2, 1), padding_mode=mode), n(2, 2, 4, 5))
layer("layer_conv1d_circular_same", nn.Conv1d(2, 3, 4, padding="same", padding_mode="circular"), n(2, 2, 6))
layer("layer_conv2d_reflect_same", nn.Conv2d(2, 2, (4, 3), padding="same", padding_mode="reflect"), n(1, 2, 6, 5))

init("conv1d", lambda: nn.Conv1d(3, 4, 3))
init("conv2d", lambda: nn.Conv2d(2, 6, (3, 2), groups=2))
init("conv3d", lambda: nn.Conv3d(2, 3, 2))
init("conv_transpose1d", lambda: nn.ConvTranspose1d(3, 4, 3))
init("conv_transpose2d", lambda: nn.ConvTranspose2d(4, 6, 3, groups=2))
init("conv_transpose3d", lambda: nn.ConvTranspose3d(2, 3, 2, bias=False))
write()
