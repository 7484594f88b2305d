"""Objects compiled for an instruction set define only functions whose symbol carries its name.

Any other symbol is a shared inline function (say std::max<int>): the linker keeps one copy for the whole program, and
if that copy has AVX-512 instructions, the program dies on a machine without them.
"""

import argparse
import subprocess

import support


def leaks(nm, arch, path):
    run = subprocess.run(
        [nm, "--defined-only", "--extern-only", "--format=posix", path], capture_output=True, text=True, check=True
    )
    symbols = [line.split()[:2] for line in run.stdout.splitlines() if line and not line.endswith(":")]
    # T, W, i: functions (global, weak, indirect). Data has no instructions.
    return [symbol for symbol, kind in symbols if kind in "TWi" and arch not in symbol]


parser = argparse.ArgumentParser()
parser.add_argument("--nm", default="nm")
parser.add_argument("--arch", nargs="+", action="append", default=[], metavar=("NAME", "OBJECT"))
arguments = parser.parse_args()
offences = [
    f"{path}: defines {symbol}, which does not say {name}"
    for name, *paths in arguments.arch
    for path in paths
    for symbol in leaks(arguments.nm, name, path)
]
support.finish(offences, __doc__.splitlines()[0])
