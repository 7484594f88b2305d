"""What the make_*.py scripts share: rows of inputs, outputs and gradients by PyTorch in float64, printed as JSON.

The gradient of a row is that of sum(output * cos(0, 1, 2, ...)), over all outputs, by the inputs that require one.
Run with PyTorch 1.13 (Debian's python3-torch): python3 make_conv.py > conv.json
"""
import json
import warnings

import torch

warnings.simplefilter("ignore")
table = {}


def n(*shape):  # normal, with a gradient
    return torch.randn(shape, dtype=torch.float64).requires_grad_()


def plain(tensor):
    data = tensor.detach().flatten().tolist()
    return {"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape), "data": data}


def row(name, inputs, function):
    outputs = function(*inputs)
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    entry = {
        "inputs": [dict(plain(x), requires_grad=x.requires_grad) for x in inputs],
        "outputs": [plain(o) for o in outputs],
        "grads": [],
    }
    wanted = [x for x in inputs if x.requires_grad]
    total = sum(
        (o * torch.cos(torch.arange(o.numel(), dtype=torch.float64)).reshape(o.shape)).sum()
        for o in outputs
        if o.is_floating_point()
    )
    if wanted and total.requires_grad:
        grads = torch.autograd.grad(total, wanted, allow_unused=True)
        entry["grads"] = [plain(torch.zeros_like(x) if g is None else g) for x, g in zip(wanted, grads)]
    assert name not in table, name
    table[name] = entry


def init(name, make):  # the parameters of a new layer
    torch.manual_seed(7)
    table["init_" + name] = {"outputs": [plain(p) for p in make().parameters()]}


def write():
    rows = (f'"{name}": {json.dumps(entry, separators=(",", ":"))}' for name, entry in table.items())
    print("{\n" + ",\n".join(rows) + "\n}")
