"""Each public header compiles alone, and brings in no xtensor, xsimd, JSON or fmt (xgrad/xtensor.h aside)."""

import argparse
import concurrent.futures
import functools
import os
import subprocess

import support

HEAVY = ("xtensor/", "xtl/", "xsimd/", "nlohmann/", "fmt/", "Eigen/")
INCLUDE_FOLDERS = ("framework", "framework/compat", ".")


def resolve(header, includer):
    """The file of ours that an #include names, or None."""
    folders = [includer.parent, *(support.ROOT / folder for folder in INCLUDE_FOLDERS)]
    return next((folder / header for folder in folders if (folder / header).is_file()), None)


@functools.cache
def heavy_include(path):
    """The first include of a heavy library in this file or in what it includes, or None."""
    for _, header in support.includes(path):
        if header.startswith(HEAVY):
            return header
        inner = resolve(header, path)
        if inner is not None and (found := heavy_include(inner.resolve())):
            return found
    return None


def first_include(path):
    first = next(support.includes(path), None)
    return resolve(first[1], path) if first else None


def built_alone():
    """Headers that the build shows to compile alone: the first include of a source, and the first include of those."""
    shown = set()
    for source in support.files(".cpp", folders=("framework", "tests")):
        header = first_include(source)
        while header is not None and header not in shown:
            shown.add(header)
            header = first_include(header)
    return shown


def forwards(path):
    """Whether it is no more than one include of ours."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("//", "#pragma once"))]
    return len(lines) == 1 and lines[0].startswith("#include")


def compile_alone(compiler, path):
    flags = [f"-I{support.ROOT / folder}" for folder in INCLUDE_FOLDERS]
    command = [compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", *flags, "-fsyntax-only", "-x", "c++", "-"]
    run = subprocess.run(command, input=f'#include "{path}"\n', capture_output=True, text=True)
    errors = "\n".join(run.stderr.splitlines()[:10])
    return [f"{support.name(path)}:1: does not compile alone\n{errors}"] if run.returncode != 0 else []


parser = argparse.ArgumentParser()
parser.add_argument("--compiler", default="c++")
parser.add_argument("--private", nargs="*", default=[])
arguments = parser.parse_args()
public = [
    path
    for path in support.files(".h", folders=("framework/xgrad", "framework/compat", "models"))
    if not support.is_private(path, arguments.private)
]
offences = [
    f"{support.name(path)}:1: includes {heavy}"
    for path in public
    if (heavy := heavy_include(path)) and support.name(path) != "framework/xgrad/xtensor.h"
]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    shown = built_alone()
    alone = [path for path in public if path not in shown and not forwards(path)]
    for result in pool.map(lambda path: compile_alone(arguments.compiler, path), alone):
        offences += result
support.finish(offences, __doc__)
