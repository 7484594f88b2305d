"""What the policy scripts share: the tree, its files, and the way to end."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("framework", "models", "examples", "tests")


def files(*suffixes, folders=FOLDERS):
    """Our files with these suffixes, sorted; build trees live elsewhere."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in suffixes and path.is_file())


def name(path):
    return path.relative_to(ROOT).as_posix()


def is_private(path, private_headers):
    """Whether a file under framework/xgrad is one of (or in) `private_headers`."""
    inside = name(path).removeprefix("framework/xgrad/")
    return any(inside == header or inside.startswith(header + "/") for header in private_headers)


def includes(path):
    """(line, header) of each #include."""
    pattern = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')
    for line, text in enumerate(path.read_text().splitlines(), 1):
        match = pattern.match(text)
        if match:
            yield line, match[1]


def finish(offences, rule):
    """Exits: 0 without offences, else 1 after printing them and the rule."""
    for offence in offences:
        print(offence)
    if offences:
        print(f"{len(offences)} offences against the rule: {rule}")
        sys.exit(1)
