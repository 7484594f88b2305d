#!/usr/bin/env python3
"""Writes exchange.safetensors and exchange.json of tests/io/exchange_test.cpp: a PyTorch model, its input and output.

Run with PyTorch 1.13 (Debian's python3-torch), in this folder.
"""
import json
import pathlib
import re

import torch
import torch.nn as nn

FORMAT = pathlib.Path(__file__).resolve().parents[2] / "framework/xgrad/io/FORMAT.md"


class Net(nn.Module):
    """Layers with parameters, buffers and a tie; the same as in exchange_test.cpp."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.norm = nn.LayerNorm(6)
        self.hidden = nn.Sequential(nn.Linear(6, 8), nn.PReLU(8))
        self.batch_norm = nn.BatchNorm1d(8)
        self.pair = nn.Bilinear(8, 8, 6)
        self.groups = nn.GroupNorm(2, 6)
        self.out = nn.Linear(6, 11)
        self.out.weight = self.embed.weight

    def forward(self, ids):  # [N, T] -> [N, 11]
        x = self.norm(self.embed(ids))
        x = self.hidden[1](self.hidden[0](x).mean(1))
        x = self.batch_norm(x)
        return self.out(self.groups(self.pair(x, x)))


def random_net(seed):
    """A Net in evaluation, with nothing left at its initial value."""
    torch.manual_seed(seed)
    net = Net().eval()
    with torch.no_grad():
        for tensor in net.state_dict().values():
            if tensor.is_floating_point():
                tensor.mul_(0.5).add_(torch.rand_like(tensor), alpha=0.25)
            else:
                tensor.fill_(seed)
    return net


def snippets():
    """The Python of FORMAT.md, by the function that it defines or the module that it begins with."""
    found = re.findall(r"```python\n(.*?)```", FORMAT.read_text(), re.DOTALL)
    return {(re.search(r"def (\w+)", code) or re.search(r"import (\w+)", code))[1]: code for code in found}


if __name__ == "__main__":
    net = random_net(23)
    code = snippets()["save_safetensors"].replace("m.safetensors", "exchange.safetensors")
    exec(code, {"net": net})
    ids = torch.randint(0, 11, (4, 5))
    output = net(ids)
    rows = {"input": ids.flatten().tolist(), "output": output.flatten().tolist()}
    pathlib.Path("exchange.json").write_text(json.dumps(rows) + "\n")
    print(f"{len(net.state_dict())} tensors, {len(output)} rows of output")
