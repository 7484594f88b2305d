"""No source file is longer than 500 lines: then it is two things."""

import support

LIMIT = 500

lengths = [(path, len(path.read_text().splitlines())) for path in support.files(".h", ".cpp", ".py")]
support.finish([f"{support.name(path)}:{n}: {n} lines" for path, n in lengths if n > LIMIT], __doc__)
