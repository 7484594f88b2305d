"""Makes optim.json with PyTorch 1.13: python3 make_optim.py > optim.json.

optimizers: 50 steps in float64 on two tensors ([5] and [2, 2]) whose gradients are simple functions of their elements; all nine
elements after every fifth step. lbfgs: Rosenbrock's function, both elements after each of 8 steps, with the closure's calls.
schedulers: the learning rate (and momentum, where it is scheduled) at each of 101 epochs, of two parameter groups.
"""

import json
import sys

import torch
from torch import optim
from torch.optim import lr_scheduler as sched

from rows import block

START = [0.5, -1.25, 2.0, 0.125, -3.0, 1.5, -0.75, 0.25, 1.0]
STIFFNESS = [1.0, 4.0, 0.25, 10.0, 0.5, 2.0, 0.75, 6.0, 0.1]
CENTRE = [1.0, 0.0, -1.0, 0.5, 2.0, -0.5, 0.25, -2.0, 3.0]

OPTIMIZERS = {
    "sgd": (optim.SGD, dict(lr=0.05)),
    "sgd_decay_maximize": (optim.SGD, dict(lr=0.001, weight_decay=0.1, maximize=True)),
    "sgd_momentum": (optim.SGD, dict(lr=0.02, momentum=0.9)),
    "sgd_dampening": (optim.SGD, dict(lr=0.02, momentum=0.8, dampening=0.3, weight_decay=0.01)),
    "sgd_nesterov": (optim.SGD, dict(lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.05)),
    "adam": (optim.Adam, dict()),
    "adam_options": (optim.Adam, dict(lr=0.1, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1)),
    "adam_amsgrad": (optim.Adam, dict(lr=0.2, amsgrad=True)),
    "adam_maximize": (optim.Adam, dict(lr=0.01, maximize=True, weight_decay=0.1)),
    "adamw": (optim.AdamW, dict(lr=0.05)),
    "adamw_options": (optim.AdamW, dict(lr=0.1, betas=(0.7, 0.9), eps=1e-3, weight_decay=0.3, amsgrad=True)),
    "rmsprop": (optim.RMSprop, dict()),
    "rmsprop_momentum": (optim.RMSprop, dict(lr=0.02, alpha=0.9, momentum=0.5, weight_decay=0.1)),
    "rmsprop_centered": (optim.RMSprop, dict(lr=0.02, centered=True, eps=1e-2)),
    "rmsprop_both": (optim.RMSprop, dict(lr=0.02, alpha=0.95, momentum=0.9, centered=True, eps=1e-2)),
    "adagrad": (optim.Adagrad, dict(lr=0.5)),
    "adagrad_options": (
        optim.Adagrad,
        dict(lr=0.5, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.3, eps=1e-3),
    ),
    "adadelta": (optim.Adadelta, dict()),
    "adadelta_options": (optim.Adadelta, dict(lr=2.0, rho=0.7, eps=1e-3, weight_decay=0.1)),
    "adamax": (optim.Adamax, dict()),
    "adamax_options": (optim.Adamax, dict(lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1)),
    "nadam": (optim.NAdam, dict()),
    "nadam_options": (optim.NAdam, dict(lr=0.05, betas=(0.8, 0.95), weight_decay=0.1, momentum_decay=0.05)),
    "radam": (optim.RAdam, dict()),
    "radam_options": (optim.RAdam, dict(lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1)),
}


def gradient(i, p):
    return STIFFNESS[i] * (p - CENTRE[i]) + 0.05 * p * p * p


def trajectory(kind, options):
    a = torch.tensor(START[:5], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(START[5:], dtype=torch.float64).reshape(2, 2).requires_grad_()
    optimizer = kind([a, b], **options)
    rows = []
    for step in range(1, 51):
        values = a.tolist() + b.flatten().tolist()
        grads = torch.tensor([gradient(i, p) for i, p in enumerate(values)], dtype=torch.float64)
        a.grad, b.grad = grads[:5], grads[5:].reshape(2, 2)
        optimizer.step()
        if step % 5 == 0:
            rows.append(a.tolist() + b.flatten().tolist())
    return rows


def lbfgs(**options):
    x = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = optim.LBFGS([x], **options)
    rows, calls = [], 0

    def closure():
        nonlocal calls
        calls += 1
        optimizer.zero_grad()
        loss = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        loss.backward()
        return loss

    for _ in range(8):
        optimizer.step(closure)
        rows.append(x.tolist() + [calls])
    return rows


SCHEDULERS = {
    "step": lambda o: sched.StepLR(o, 7, 0.3),
    "multistep": lambda o: sched.MultiStepLR(o, [3, 20, 20, 60], 0.5),
    "exponential": lambda o: sched.ExponentialLR(o, 0.95),
    "constant": lambda o: sched.ConstantLR(o),
    "constant_options": lambda o: sched.ConstantLR(o, 0.7, 11),
    "linear": lambda o: sched.LinearLR(o),
    "linear_down": lambda o: sched.LinearLR(o, 1.0, 0.01, 77),
    "polynomial": lambda o: sched.PolynomialLR(o),
    "polynomial_options": lambda o: sched.PolynomialLR(o, 80, 1.7),
    "cosine": lambda o: sched.CosineAnnealingLR(o, 13, 0.001),
    "restarts": lambda o: sched.CosineAnnealingWarmRestarts(o, 9),
    "restarts_options": lambda o: sched.CosineAnnealingWarmRestarts(o, 5, 2, 0.003),
    "onecycle": lambda o: sched.OneCycleLR(o, 0.7, 100),
    "onecycle_options": lambda o: sched.OneCycleLR(
        o, [0.7, 0.2], 100, pct_start=0.4, anneal_strategy="linear", three_phase=True, div_factor=10, final_div_factor=50
    ),
    "cyclic": lambda o: sched.CyclicLR(o, 0.01, 0.3, step_size_up=8),
    "cyclic_triangular2": lambda o: sched.CyclicLR(
        o, [0.01, 0.02], [0.3, 0.5], step_size_up=6, step_size_down=9, mode="triangular2", base_momentum=0.6
    ),
    "cyclic_exp": lambda o: sched.CyclicLR(o, 0.01, 0.3, step_size_up=8, mode="exp_range", gamma=0.97, cycle_momentum=False),
    "lambda": lambda o: sched.LambdaLR(o, [lambda e: 0.9**e, lambda e: 1 / (1 + e)]),
    "multiplicative": lambda o: sched.MultiplicativeLR(o, lambda e: 0.95 if e % 3 else 1.1),
    "sequential": lambda o: sched.SequentialLR(
        o, [sched.LinearLR(o, 0.1, 1.0, 10), sched.CosineAnnealingLR(o, 30), sched.StepLR(o, 5, 0.5)], [10, 50]
    ),
    "sequential_restarts": lambda o: sched.SequentialLR(
        o, [sched.ConstantLR(o, 0.1, 2), sched.CosineAnnealingWarmRestarts(o, 4, 2), sched.PolynomialLR(o, 20, 2.0)], [3, 50]
    ),
    "chained": lambda o: sched.ChainedScheduler([sched.ConstantLR(o, 0.1, 2), sched.ExponentialLR(o, 0.9)]),
}


def metric(epoch):
    return 1.0 / (1 + min(epoch, 20)) + 0.01 * (epoch % 3)


PLATEAUS = {
    "plateau": dict(patience=4),
    "plateau_options": dict(
        mode="max", factor=0.5, patience=2, threshold=0.02, threshold_mode="abs", cooldown=3, min_lr=[0.002, 0.01]
    ),
}


def groups():
    p, q = (torch.zeros(1, requires_grad=True) for _ in range(2))
    return optim.SGD([{"params": [p]}, {"params": [q], "lr": 0.025}], lr=0.1, momentum=0.9)


def curve(make):
    optimizer = groups()
    scheduler = make(optimizer)
    rows = []
    for _ in range(101):
        rows.append([group["lr"] for group in optimizer.param_groups] + [optimizer.param_groups[0]["momentum"]])
        if len(rows) < 101:
            scheduler.step()
    return rows


def plateau(options):
    optimizer = groups()
    scheduler = sched.ReduceLROnPlateau(optimizer, **options)
    rows = []
    for epoch in range(101):
        rows.append([group["lr"] for group in optimizer.param_groups])
        scheduler.step(metric(epoch))
    return rows


sections = {
    "optimizers": {name: trajectory(*case) for name, case in OPTIMIZERS.items()},
    "lbfgs": {
        "plain": lbfgs(lr=0.001),
        "wolfe": lbfgs(line_search_fn="strong_wolfe", max_iter=4),
        "wolfe_short": lbfgs(line_search_fn="strong_wolfe", max_iter=3, history_size=2, lr=0.5),
    },
    "schedulers": {name: curve(make) for name, make in SCHEDULERS.items()},
    "plateaus": {name: plateau(options) for name, options in PLATEAUS.items()},
}
texts = {section: {name: json.dumps(rows) for name, rows in entries.items()} for section, entries in sections.items()}
print(block({section: block(entries) for section, entries in texts.items()}))
print(", ".join(f"{len(entries)} {section}" for section, entries in texts.items()), file=sys.stderr)
