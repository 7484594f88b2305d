"""Runs one benchmark program in turns with its twin against libtorch, and prints medians and ratios.

compare.py [--threads N] [--rounds N] OURS [THEIRS]: both are made from one source and print a line a case (see measure.h).
"""

import argparse
import math
import statistics
import subprocess


def run(program, threads):
    output = subprocess.run([program, str(threads)], capture_output=True, text=True, check=True).stdout
    for line in output.splitlines():
        name, *numbers = line.split("\t")
        yield name, [float(number) for number in numbers]


parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("programs", nargs="+")
arguments = parser.parse_args()

times = [{} for _ in arguments.programs]
work = {}
for _ in range(arguments.rounds):
    for program, table in zip(arguments.programs, times):
        for name, (seconds, flops, bytes_) in run(program, arguments.threads):
            table.setdefault(name, []).append(seconds)
            work[name] = flops, bytes_

print(f"{arguments.threads} threads, medians of {arguments.rounds} runs")
print(f"{'case':<44}{'xgrad us':>12}{'GFLOP/s':>9}{'GB/s':>8}" + (f"{'libtorch us':>13}{'ratio':>8}" if len(times) > 1 else ""))
ratios = []
for name, ours in times[0].items():
    median = statistics.median(ours)
    flops, bytes_ = work[name]
    line = f"{name:<44}{median * 1e6:>12.2f}{flops / median * 1e-9:>9.1f}{bytes_ / median * 1e-9:>8.1f}"
    if len(times) > 1 and name in times[1]:
        theirs = statistics.median(times[1][name])
        ratios.append(theirs / median)
        line += f"{theirs * 1e6:>13.2f}{ratios[-1]:>8.2f}"
    print(line)
if ratios:
    mean = math.exp(statistics.fmean(map(math.log, ratios)))
    print(f"xgrad is {mean:.2f} times as fast (geometric mean of {len(ratios)} cases), worst {min(ratios):.2f}")
