"""C++ files are as clang-format 14 writes them (`./run format` does; --fix here)."""

import os
import re
import shutil
import subprocess
import sys

import support

VERSION = "14"  # Debian 12's. Others differ in details, so another one is not asked.

programs = filter(None, map(shutil.which, (f"clang-format-{VERSION}", "clang-format")))
for program in programs:
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if re.search(rf"version {VERSION}\.", version):
        break
else:
    print(f"clang-format {VERSION} is not installed")
    # CI must not pass because its tool is missing; 77 is ctest's "skipped".
    sys.exit(1 if "--fix" in sys.argv or os.environ.get("CI") else 77)

paths = [str(path) for path in support.files(".h", ".cpp")]
mode = ["-i"] if "--fix" in sys.argv else ["--dry-run", "-Werror", "--ferror-limit=1"]
sys.exit(subprocess.run([program, "--style=file", *mode, *paths]).returncode if paths else 0)
