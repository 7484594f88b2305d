"""What the make_*.py scripts share: rows of inputs, outputs and gradients by PyTorch in float64, printed as JSON.

A script fills the table with row (a function's inputs, outputs and gradients), seeded and init (what is drawn after a
seed) or add (anything else), and ends with write. Each wants PyTorch 1.13 (Debian's python3-torch), and prints its file:
python3 make_conv.py > conv.json

The last digits of a product are those of the kernels that OpenBLAS takes for the machine. To the byte, nn.json, ops.json
and optim.json come out with OPENBLAS_CORETYPE=Prescott, the others with SkylakeX.
"""
import collections
import json
import math
import sys
import warnings

import torch

warnings.simplefilter("ignore")
table = {}  # the JSON of each entry


def n(*shape):  # normal, with a gradient
    return torch.randn(shape, dtype=torch.float64).requires_grad_()


def u(low, high, *shape):  # uniform, with a gradient
    return (torch.rand(shape, dtype=torch.float64) * (high - low) + low).requires_grad_()


def distinct(*shape):  # no ties, not near each other, with a gradient
    count = math.prod(shape)
    return (torch.randperm(count).double().reshape(shape) * 0.37 - 1).requires_grad_()


def c(tensor):  # a constant
    return tensor.detach()


def flat(values):
    """The tensors in nested sequences, in order, without the Nones."""
    if values is None:
        return []
    if isinstance(values, torch.Tensor):
        return [values]
    return [tensor for value in values for tensor in flat(value)]


def plain(tensor):
    """A tensor for JSON, which has no NaN and no infinities: they are strings."""
    data = [x if math.isfinite(x) else json.dumps(x) for x in tensor.detach().flatten().tolist()]
    return {"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape), "data": data}


def gradients(outputs, wanted):
    """Those of sum(output * cos(0, 1, 2, ...)), over all outputs, by the tensors wanted; none if it has no gradient."""
    total = sum((o * torch.cos(torch.arange(o.numel(), dtype=torch.float64)).reshape(o.shape)).sum() for o in outputs)
    if not wanted or not total.requires_grad:
        return []
    grads = torch.autograd.grad(total, wanted, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(wanted, grads)]


def add(name, **entry):  # written at once: tensors change
    assert name not in table, name
    table[name] = json.dumps(entry, default=plain)


def row(name, inputs, function):  # evaluated at once: the lambdas see the loops' variables as they are now
    outputs = flat(function(*inputs))
    grads = gradients(outputs, [x for x in inputs if x.requires_grad])
    add(name, inputs=[dict(plain(x), requires_grad=x.requires_grad) for x in inputs], outputs=outputs, grads=grads)


def seeded(name, make):  # what it makes after manual_seed(7)
    torch.manual_seed(7)
    add(name, outputs=flat(make()))


def init(name, make):  # the parameters of a new layer, in order of registration
    seeded("init_" + name, lambda: make().parameters())


def block(entries):
    """A JSON object with a line for each entry, whose values are JSON already."""
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in entries.items()) + "\n}"


def write(digits=17):
    """Prints the table, its numbers to so many digits (17 keep all), and on stderr how many entries it has."""

    def number(text):
        return float(f"{float(text):.{digits}g}")

    entries = {name: json.loads(text, parse_float=number) for name, text in table.items()}
    print(block({name: json.dumps(entry, separators=(",", ":")) for name, entry in entries.items()}))
    kinds = ("seeded" if "inputs" not in entry else "layers" if "state" in entry else "rows" for entry in entries.values())
    print(", ".join(f"{count} {kind}" for kind, count in collections.Counter(kinds).items()), file=sys.stderr)
