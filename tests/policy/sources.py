"""Each .cpp file is named in the CMakeLists.txt above it. (CMake itself finds the opposite: a name without a file.)"""

import re

import support


def listed(path):
    folder = next(parent for parent in path.parents if (parent / "CMakeLists.txt").exists())
    text = re.sub(r"#.*", "", (folder / "CMakeLists.txt").read_text())
    inside = path.relative_to(folder).as_posix()
    # By its name (sources of a target), or without .cpp (xgrad_add_example(name) and the like).
    return {inside, inside.removesuffix(".cpp")} & set(re.split(r"[\s()]+", text))


support.finish([f"{support.name(path)}:1: not listed" for path in support.files(".cpp") if not listed(path)], __doc__)
