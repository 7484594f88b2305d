"""What the drop-in does not support fails to compile with a sentence that says so."""

import argparse
import subprocess

import support

REFUSED = {
    "torch::jit::load": ('auto m = torch::jit::load("m.pt");', "xgrad does not support TorchScript"),
    "torch::jit::script::Module": ("torch::jit::script::Module m;", "xgrad does not support TorchScript"),
    "torch::pickle_load": ("torch::pickle_load(std::vector<char>());", "xgrad does not support TorchScript"),
    "torch::pickle_save": ("torch::pickle_save(torch::IValue(1.0));", "xgrad does not support TorchScript"),
    "c10::Dict": ("c10::Dict<std::string, at::Tensor> d;", "xgrad does not support TorchScript"),
    "c10::impl::GenericDict": ("c10::impl::GenericDict d;", "xgrad does not support TorchScript"),
    "TORCH_LIBRARY": ("\n}\n#include <torch/library.h>\nTORCH_LIBRARY(mine, m) { m.def(\"f\");", "TORCH_LIBRARY"),
    "torch::fft::rfft": ("torch::fft::rfft(torch::ones(4));", "xgrad has no complex tensors"),
    "torch::stft": ("torch::stft(torch::ones(4), 2);", "xgrad has no complex tensors"),
    "c10::complex": ("c10::complex<float> z;", "xgrad has no complex tensors"),
    "torch::linalg_eig": ("torch::linalg_eig(torch::ones({2, 2}));", "xgrad has no complex tensors"),
}

parser = argparse.ArgumentParser()
parser.add_argument("--compiler", default="c++")
compiler = parser.parse_args().compiler
flags = [f"-I{support.ROOT / folder}" for folder in ("framework/compat", "framework")]


def errors(statement):
    program = f"#include <torch/script.h>\nint main() {{ {statement} }}\n"
    command = [compiler, "-std=c++20", *flags, "-fsyntax-only", "-x", "c++", "-"]
    run = subprocess.run(command, input=program, capture_output=True, text=True)
    return run.stderr if run.returncode != 0 else None


offences = []
if errors("torch::ones(2);") is not None:
    offences.append("framework/compat/torch/script.h:1: does not compile")
for name, (statement, sentence) in REFUSED.items():
    message = errors(statement)
    if message is None:
        offences.append(f"framework/compat/torch/torch.h:1: {name} compiles")
    elif sentence not in message:
        offences.append(f"framework/compat/torch/torch.h:1: {name} fails without '{sentence}'")
support.finish(offences, __doc__)
