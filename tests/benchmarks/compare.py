"""Runs one benchmark program in turns with its twin against libtorch, and prints medians and ratios.

compare.py [--threads N] [--rounds N] OURS [THEIRS]: both are made from one source and print a line a case (see measure.h).
A case called machine/... says what one thread of the machine can do in a second; the others are held against it.
"""

import argparse
import math
import os
import statistics
import subprocess


def run(program, threads):
    # OpenBLAS, which libtorch may be built on, does not follow torch::set_num_threads.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    output = subprocess.run([program, str(threads)], capture_output=True, text=True, check=True, env=environment).stdout
    for line in output.splitlines():
        name, *numbers = line.split("\t")
        yield name, [float(number) for number in numbers]


def share(rate, peak):
    return f"{100 * rate / peak:>6.0f}%" if rate and peak else f"{'':>7}"


parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("programs", nargs="+")
arguments = parser.parse_args()

times = [{} for _ in arguments.programs]
work = {}
machine = {}
for _ in range(arguments.rounds):
    for program, table in zip(arguments.programs, times):
        for name, (seconds, flops, bytes_) in run(program, arguments.threads):
            group, _, rest = name.rpartition("/")
            if group == "machine":
                machine[rest] = max(machine.get(rest, 0), flops or bytes_)
            else:
                table.setdefault(name, []).append(seconds)
                work[name] = flops, bytes_

print(f"{arguments.threads} threads, medians of {arguments.rounds} runs")
for name, rate in machine.items():
    print(f"one thread of this machine, {name}: {rate * 1e-9:.1f}e9/s")
fma, copy = (machine.get(name, 0) * arguments.threads for name in ("fma f32", "copy"))
print(f"{'case':<54}{'xgrad us':>11}{'GFLOP/s':>9}{'of FMA':>7}{'GB/s':>8}{'copy':>7}" + (f"{'libtorch us':>13}{'ratio':>8}" if len(times) > 1 else ""))
ratios = {}
for name, ours in times[0].items():
    median = statistics.median(ours)
    flops, bytes_ = (amount / median for amount in work[name])
    line = f"{name:<54}{median * 1e6:>11.3f}{flops * 1e-9:>9.1f}{share(flops, fma)}{bytes_ * 1e-9:>8.1f}{share(bytes_, copy)}"
    if len(times) > 1 and name in times[1]:
        theirs = statistics.median(times[1][name])
        ratios.setdefault(name.rpartition("/")[0], []).append(theirs / median)
        line += f"{theirs * 1e6:>13.3f}{theirs / median:>8.2f}"
    print(line)
for group, of_group in ratios.items():
    mean = math.exp(statistics.fmean(map(math.log, of_group)))
    print(f"{group}: xgrad is {mean:.2f} times as fast (geometric mean of {len(of_group)} cases), worst {min(of_group):.2f}")
