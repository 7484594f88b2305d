#!/usr/bin/env python3
"""The xgrad command: what it prints, its exit codes and its errors. cli_test.py XGRAD [unittest argument...]"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from witness import checkpoint

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "fuzz/corpus"
XGRAD = os.path.abspath(sys.argv.pop(1))

SECTIONS = {
    "model": {
        "fc.weight": ("parameter", "float32", [2, 3], [0.5, -1.5, 2, 0.25, 0, 1]),
        "fc.bias": ("parameter", "float64", [2], [0.125, -0.25]),
        "tied.weight": ("parameter", "fc.weight"),
        "steps": ("buffer", "int64", [], [2**60]),
        "mask": ("buffer", "bool", [3], [1, 0, 1]),
        "\u00e9": ("buffer", "uint8", [2], [7, 9]),
    },
    "optimizer": {"state.0": ("state", "int32", [0, 2], [])},
}
METADATA = {"user": {"epoch": 3}, "state": {"generator": {"state": "0123456789" * 100}, "lrs": list(range(20))}}

INSPECTED = """\
m.json: 6 tensors, 53 B

metadata:
  user: {"epoch":3}
  state: {"generator":{"state":"012345678901234567890123456789012345678901234567890123456789... 1000 bytes"},\
"lrs":[0,1,2,3,4,5,6,7,"... 20 elements"]}

model:
  name         kind       dtype    shape    size                  min       mean                  max  non-finite
  fc.weight    parameter  float32  [2, 3]   24 B                 -1.5      0.375                    2           0
  fc.bias      parameter  float64  [2]      16 B                -0.25    -0.0625                0.125           0
  tied.weight  parameter  tied to fc.weight
  steps        buffer     int64    []        8 B  1152921504606846976  1.153e+18  1152921504606846976           0
  mask         buffer     bool     [3]       3 B                    0     0.6667                    1           0
  \u00e9            buffer     uint8    [2]       2 B                    7          8                    9           0

optimizer:
  name     kind   dtype  shape    size  min  mean  max  non-finite
  state.0  state  int32  [0, 2]    0 B    -     -    -           0
"""


def xgrad(*arguments, **options):
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    run = subprocess.run([XGRAD, *arguments], capture_output=True, text=True, encoding="utf-8", env=environment, **options)
    return run.returncode, run.stdout, run.stderr


class Command(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chdir(folder.name)
        self.addCleanup(os.chdir, "/")
        self.write("m.json")

    def write(self, file, sections=None, metadata=None):
        """The sample with other sections or metadata in places."""
        merged = {name: {**entries, **(sections or {}).get(name, {})} for name, entries in SECTIONS.items()}
        kept = {section: {n: e for n, e in entries.items() if e} for section, entries in merged.items()}
        pathlib.Path(file).write_text(checkpoint(kept, METADATA if metadata is None else metadata))

    def test_inspect_prints_tables(self):
        self.assertEqual(xgrad("inspect", "m.json"), (0, INSPECTED, ""))

    def test_inspect_prints_json(self):
        code, output, errors = xgrad("inspect", "--json", "m.json")
        self.assertEqual((code, errors), (0, ""))
        result = json.loads(output)
        self.assertEqual(result["file"], "m.json")
        self.assertEqual(result["metadata"], METADATA)
        self.assertEqual(list(result["sections"]["model"]), list(SECTIONS["model"]))
        weight = result["sections"]["model"]["fc.weight"]
        expected = {"kind": "parameter", "dtype": "float32", "shape": [2, 3], "bytes": 24}
        self.assertEqual(weight, {**expected, "min": -1.5, "mean": 0.375, "max": 2.0, "non_finite": 0})
        self.assertEqual(result["sections"]["model"]["tied.weight"]["alias_of"], "fc.weight")
        self.assertEqual(result["sections"]["optimizer"]["state.0"]["min"], None)

    def test_inspect_counts_what_is_not_finite(self):
        entries = json.loads(xgrad("inspect", "--json", CORPUS / "json/sample.json")[1])["sections"]
        self.assertEqual(entries["optimizer"]["fc.weight"]["non_finite"], 3)
        self.assertIsNone(entries["optimizer"]["fc.weight"]["mean"])

    def test_inspect_cannot_be_made_to_control_the_terminal(self):
        self.write("evil.json", {"model": {"\x1b[31mred\n": ("buffer", "uint8", [1], [1])}}, {"\x1b[1m": "\x1b[2m"})
        code, output, _ = xgrad("inspect", "evil.json")
        self.assertEqual(code, 0)
        self.assertNotIn("\x1b", output)
        self.assertIn("\\x1b[31mred\\x0a", output)
        self.assertIn('\\x1b[1m: "\\u001b[2m"', output)

    def test_verify(self):
        self.assertEqual(xgrad("verify", "m.json"), (0, "m.json: whole (6 tensors, 53 B)\n", ""))
        self.assertEqual(xgrad("verify", "-q", "m.json"), (0, "", ""))
        text = pathlib.Path("m.json").read_text().replace("0.125", "0.375")
        pathlib.Path("bad.json").write_text(text)
        for options in ([], ["--quiet"]):
            code, output, errors = xgrad("verify", *options, "bad.json")
            self.assertEqual((code, output), (1, ""))
            self.assertRegex(errors, r'^xgrad: checkpoint bad.json: crc32 \d+ does not match "fc.bias" at byte \d+, expected \d+\n$')
        foreign = str(CORPUS / "safetensors/foreign.safetensors")
        self.assertEqual(xgrad("verify", foreign)[:2], (0, f"{foreign}: well-formed, but without checksums (2 tensors, 10 B)\n"))

    def test_convert_keeps_everything_through_all_formats(self):
        self.assertEqual(xgrad("convert", "m.json", "a.safetensors"), (0, "", ""))
        self.assertEqual(xgrad("convert", "a.safetensors", "b.npz"), (0, "", ""))
        self.assertEqual(xgrad("convert", "--base64", "b.npz", "c.json"), (0, "", ""))
        self.assertIn('"base64"', pathlib.Path("c.json").read_text())
        self.assertEqual(xgrad("convert", "c.json", "c.json"), (0, "", ""))  # in place
        for file in ("a.safetensors", "b.npz", "c.json"):
            self.assertEqual(xgrad("diff", "m.json", file), (0, "", ""))
            self.assertEqual(xgrad("verify", file)[:2], (0, f"{file}: whole (6 tensors, 53 B)\n"))

    def test_convert_writes_nothing_where_it_fails(self):
        pathlib.Path("bad.json").write_text("{")
        pathlib.Path("old.npz").write_text("old")
        self.assertEqual(
            xgrad("convert", "bad.json", "old.npz"),
            (1, "", "xgrad: checkpoint bad.json: truncated file at byte 1, expected a key or '}'\n"),
        )
        self.assertEqual(pathlib.Path("old.npz").read_text(), "old")
        code, _, errors = xgrad("convert", "m.json", "none/m.npz")
        self.assertEqual(code, 1)
        reason = "cannot create a temporary file beside it: No such file or directory (ENOENT)"
        self.assertEqual(errors, f"xgrad: checkpoint none/m.npz: {reason}\n")

    def differences(self, *options, **changes):
        self.write("other.json", **changes)
        code, output, errors = xgrad("diff", *options, "m.json", "other.json")
        self.assertEqual(errors, "")
        self.assertEqual(code, 1 if output else 0)
        return output.splitlines()

    def test_diff_tells_every_difference(self):
        self.assertEqual(self.differences(), [])
        changed = {
            "fc.weight": ("parameter", "float32", [2, 3], [0.5, -1.5, 2, 0.25, 0.25, 0.5]),
            "fc.bias": ("buffer", "float32", [1], [0.125]),
            "tied.weight": ("parameter", "float32", [2, 3], [0.5, -1.5, 2, 0.25, 0.25, 0.5]),
            "steps": ("buffer", "int64", [], [2**60 + 1]),
            "mask": None,
            "new": ("buffer", "uint8", [1], [1]),
        }
        weights = "largest difference 0.5 at [1, 2], 2 of 6 elements differ"
        self.assertEqual(
            self.differences(sections={"model": changed}, metadata={"user": 1}),
            [
                "metadata: " + json.dumps(METADATA, separators=(",", ":")) + ' and {"user":1}',
                "model/fc.weight: " + weights,
                "model/fc.bias: kind parameter and buffer",
                "model/fc.bias: dtype float64 and float32",
                "model/fc.bias: shape [2] and [1]",
                "model/tied.weight: tied to fc.weight and none",
                "model/tied.weight: " + weights,
                "model/steps: largest difference 1 at [], 1 of 1 elements differ",
                "model/mask: only in m.json",
                "model/new: only in other.json",
            ],
        )

    def test_diff_of_tensors_alone(self):
        same = {"fc.bias": ("buffer", "float64", [2], [0.125, -0.25])}
        self.assertEqual(self.differences("--tensors", sections={"model": same}, metadata={}), [])
        tied = {"tied.weight": ("parameter", *SECTIONS["model"]["fc.weight"][1:])}
        self.assertEqual(self.differences("--tensors", sections={"model": tied}), [])

    def test_diff_of_zeros_and_what_is_not_finite(self):
        sample = CORPUS / "json/sample.json"
        self.assertEqual(xgrad("diff", sample, sample), (0, "", ""))  # a NaN is a NaN
        zero = {"fc.weight": ("parameter", "float32", [2, 3], [0.5, -1.5, 2, 0.25, -0.0, 1])}
        line = "largest difference 0 at [1, 1], 1 of 6 elements differ"
        self.assertEqual(self.differences(sections={"model": zero}), [f"model/{n}: {line}" for n in ("fc.weight", "tied.weight")])

    def test_trouble_of_diff_is_2(self):
        self.assertEqual(
            xgrad("diff", "m.json", "none.json"),
            (2, "", "xgrad: checkpoint none.json: cannot open the file: No such file or directory (ENOENT)\n"),
        )

    def test_a_wrong_command_line_is_2(self):
        more = "Run xgrad --help for more information.\n"
        for arguments, error in {
            (): "A subcommand is required",
            ("inspect",): "FILE is required",
            ("inspect", "m.json", "m.json"): "The following argument was not expected: m.json",
            ("inspect", "--jsn", "m.json"): "The following argument was not expected: --jsn",
            ("convert", "m.json", "m.txt"): "B: expected .json, .safetensors or .npz: m.txt",
            ("convert", "--base64", "m.json", "m.npz"): "--base64: it is for .json only: m.npz",
            ("explode",): "A subcommand is required",
        }.items():
            with self.subTest(arguments):
                self.assertEqual(xgrad(*arguments), (2, "", f"xgrad: {error}\n{more}"))

    def test_help_and_version(self):
        for arguments in (["--help"], ["inspect", "--help"], ["diff", "-h"]):
            code, output, errors = xgrad(*arguments)
            self.assertEqual((code, errors), (0, ""))
            self.assertIn("Usage: xgrad", output)
        code, output, _ = xgrad("--version")
        self.assertEqual(code, 0)
        self.assertRegex(output, r"^xgrad \d+\.\d+\.\d+\n$")

    def test_a_file_that_is_none_is_1(self):
        os.mkdir("folder.json")
        for file, error in {
            "none.json": "cannot open the file: No such file or directory (ENOENT)",
            "folder.json": "not a regular file, expected a file",
        }.items():
            for verb in ("inspect", "verify"):
                self.assertEqual(xgrad(verb, file), (1, "", f"xgrad: checkpoint {file}: {error}\n"))

    def test_an_output_that_cannot_be_written_is_1(self):
        for verb in ("inspect", "verify"):
            with open("/dev/full", "w") as full:
                run = subprocess.run([XGRAD, verb, "m.json"], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual((run.returncode, run.stderr), (1, "xgrad: cannot write to the standard output\n"))


if __name__ == "__main__":
    unittest.main()
