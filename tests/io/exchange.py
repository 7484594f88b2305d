#!/usr/bin/env python3
"""Runs the Python of FORMAT.md: our files in PyTorch, and PyTorch's in ours. exchange.py XGRAD [unittest argument...]

Skips (77) where no Python on this machine has PyTorch.
"""
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
SAMPLE = TESTS / "fuzz/corpus/json/sample.json"
GOLDEN = TESTS / "golden"

try:
    import numpy
    import torch
except ImportError:
    # The one that CMake found may be another than that which Debian's python3-torch is for.
    system = "/usr/bin/python3"
    probe = [system, "-c", "import numpy, torch"]
    if sys.executable == system or not os.path.exists(system) or subprocess.run(probe, capture_output=True).returncode:
        print("no PyTorch here")
        sys.exit(77)
    os.execv(system, [system, *sys.argv])

sys.path.insert(0, str(GOLDEN))
from make_exchange import random_net, snippets  # noqa: E402

XGRAD = os.path.abspath(sys.argv.pop(1))
CODE = snippets()
# The file of each format, how `xgrad convert` makes it, and the snippet that reads it.
READERS = {"json": ("m.json", [], "load_json"), "base64": ("m.json", ["--base64"], "load_json"),
           "safetensors": ("m.safetensors", [], "load_safetensors"), "npz": ("m.npz", [], "numpy")}


def xgrad(*arguments):
    run = subprocess.run([XGRAD, *map(str, arguments)], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(f"xgrad {arguments}: {run.stderr}")
    return run.stdout


def bits(tensor):
    return str(tensor.dtype), tuple(tensor.shape), tensor.detach().contiguous().numpy().tobytes()


class Recorder:
    """Stands for a network where a file's tensors are of none."""

    def load_state_dict(self, state_dict, strict=True):
        self.state = state_dict


class Exchange(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chdir(folder.name)
        self.addCleanup(os.chdir, "/")

    def load(self, source, format, net):
        """Converts `source` and runs the snippet for its new format on `net`."""
        file, options, snippet = READERS[format]
        xgrad("convert", source, file, *options)
        exec(CODE[snippet], {"net": net})

    def test_snippets_are_all_there(self):
        self.assertEqual(set(CODE), {"load_json", "load_safetensors", "save_safetensors", "numpy"})

    def test_a_model_comes_back_from_every_format(self):
        golden = json.loads((GOLDEN / "exchange.json").read_text())
        ids = torch.tensor(golden["input"]).reshape(4, 5)
        expected = torch.tensor(golden["output"]).reshape(4, 11)
        for format in READERS:
            with self.subTest(format):
                net = random_net(1)
                self.load(GOLDEN / "exchange.safetensors", format, net)
                torch.testing.assert_close(net(ids), expected, rtol=0, atol=1e-6)

    def test_every_dtype_tie_and_special_number_comes_back(self):
        top = torch.finfo(torch.float32).max
        expected = {
            "fc.weight": torch.tensor([[0.1, -0.0, 1e-45], [top, 1.5, -2]]),
            "fc.bias": torch.tensor([0.1, 5e-324], dtype=torch.float64),
            "head.weight": torch.tensor([[0.1, -0.0, 1e-45], [top, 1.5, -2]]),
            "steps": torch.tensor(-(2**63)),
            "mask": torch.tensor([True, False, True]),
        }
        for format in READERS:
            with self.subTest(format):
                recorder = Recorder()
                self.load(SAMPLE, format, recorder)
                state = {name: bits(tensor) for name, tensor in recorder.state.items() if "/" not in name}
                wanted = {name: bits(tensor) for name, tensor in expected.items()}
                if format == "npz":
                    del wanted["head.weight"]  # a second name
                self.assertEqual(state, wanted)
        # Another section, with an empty tensor and what is not finite.
        for options in ([], ["--base64"]):
            xgrad("convert", SAMPLE, "m.json", *options)
            scope = {"net": Recorder()}
            exec(CODE["load_json"], scope)
            optimizer = scope["load_json"]("m.json", "optimizer")
            self.assertEqual(str(optimizer["fc.weight"].tolist()), "[nan, inf, -inf]")
            self.assertEqual(tuple(optimizer["empty"].shape), (0, 4))
            self.assertEqual(optimizer["bytes"].tolist(), [0, 1, 99, 255])

    def test_a_pytorch_model_goes_through_ours_bit_for_bit(self):
        for seed in range(3):
            net = random_net(seed)
            exec(CODE["save_safetensors"], {"net": net})
            os.rename("m.safetensors", "pytorch.safetensors")
            xgrad("verify", "pytorch.safetensors")
            entries = json.loads(xgrad("inspect", "--json", "pytorch.safetensors"))["sections"]["model"]
            state = net.state_dict()
            self.assertEqual(list(entries), list(state))
            for name, tensor in state.items():
                self.assertEqual(entries[name]["shape"], list(tensor.shape))
                self.assertEqual(entries[name]["max"], tensor.max().item())
            for format in READERS:
                with self.subTest(format, seed=seed):
                    other = random_net(seed + 10)
                    self.load("pytorch.safetensors", format, other)
                    for name, tensor in other.state_dict().items():
                        self.assertEqual(bits(tensor), bits(state[name]), name)

    def test_huggingface_reads_and_writes_the_same(self):
        try:
            import safetensors.torch
        except ImportError:
            self.skipTest("no safetensors here")
        xgrad("convert", SAMPLE, "m.safetensors")
        loaded = safetensors.torch.load_file("m.safetensors")
        self.assertEqual(loaded["steps"].item(), -(2**63))
        self.assertIn("optimizer/fc.weight", loaded)
        safetensors.torch.save_file(loaded, "theirs.safetensors")
        xgrad("diff", "--tensors", "theirs.safetensors", "theirs.safetensors")

    def test_numpy_reads_npz_and_what_it_writes_is_read(self):
        arrays = {"a": numpy.arange(6, dtype="float32").reshape(2, 3), "b.c": numpy.array(7), "e": numpy.zeros((0, 2))}
        for save, order in itertools.product((numpy.savez, numpy.savez_compressed), "CF"):
            save("theirs.npz", **{name: numpy.asarray(array, order=order) for name, array in arrays.items()})
            xgrad("convert", "theirs.npz", "m.npz")
            with numpy.load("m.npz") as file:
                for name, array in arrays.items():
                    self.assertEqual(file[name].tobytes(), array.tobytes())
                    self.assertEqual((file[name].dtype, file[name].shape), (array.dtype, array.shape))


if __name__ == "__main__":
    unittest.main()
