"""Includes go down only: examples, tests -> models -> nn, optim, data, io -> ops -> autograd, contraction -> core."""

import argparse

import support

# What each layer may include besides itself. The umbrella and the adapter (files directly in xgrad/) may include all.
CORE = {"core"}
ENGINE = CORE | {"kernels", "contraction", "autograd"}
OPS = ENGINE | {"ops"}
ALLOWED = {
    "core": set(),
    "kernels": CORE,
    "contraction": CORE | {"kernels"},
    "autograd": CORE,
    "ops": ENGINE,
    "nn": OPS,
    "optim": OPS,
    "data": OPS,
    "io": OPS,
}
# nn and optim describe themselves as state dictionaries; io reads those and knows neither.
EXTRA = {(layer, "xgrad/io/state_dict.h") for layer in ("data", "nn", "optim")} | {
    ("nn", "xgrad/io/load_options.h"),
    ("nn", "xgrad/io/archive.h"),
    ("optim", "xgrad/io/archive.h"),
}


def offences(private_headers):
    for path in support.files(".h", ".cpp", folders=("framework/xgrad",)):
        parts = support.name(path).split("/")[2:]
        if len(parts) == 1:
            continue
        layer = parts[0]
        if layer not in ALLOWED:
            yield f"{support.name(path)}:1: {layer} is not a layer"
            continue
        for line, header in support.includes(path):
            target = header.split("/")
            where = f"{support.name(path)}:{line}"
            if target[0] in ("models", "torch"):
                yield f"{where}: {layer} includes {header}"
            elif target[0] != "xgrad":
                continue
            elif len(target) == 2:
                yield f"{where}: {layer} includes {header}, which is for users"
            elif target[1] != layer and target[1] not in ALLOWED[layer] and (layer, header) not in EXTRA:
                yield f"{where}: {layer} includes {header}, but may include only {sorted(ALLOWED[layer])}"
    # Whatever a user could have written sees only what a user gets.
    for path in support.files(".h", ".cpp", folders=("framework/compat", "framework/cli", "models", "examples")):
        for line, header in support.includes(path):
            where = f"{support.name(path)}:{line}"
            if header.startswith("xgrad/") and support.is_private(
                support.ROOT / "framework" / header, private_headers
            ):
                yield f"{where}: {header} is private to the framework"
            if header.startswith(("tests/", "examples/")) and header.split("/")[0] != support.name(path).split("/")[0]:
                yield f"{where}: {header} is above this file"


parser = argparse.ArgumentParser()
parser.add_argument("--private", nargs="*", default=[])
support.finish(list(offences(parser.parse_args().private)), __doc__)
