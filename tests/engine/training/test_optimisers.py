"""Optimisers against their formulas, written out by hand in float64 Python numbers."""

import math

import pytest
import torch
from torch import nn

from engine.training.optimisers import make_optimiser
from engine.training.settings import TrainingSpec

GRADIENTS = [(0.5, -1.0), (0.3, 2.0), (-0.7, 0.1), (0.2, 0.4)]
START = (1.0, -2.0)
RATE, MOMENTUM = 0.1, 0.9


def sgd(gradients):
    w = list(START)
    for g in gradients:
        w = [a - RATE * b for a, b in zip(w, g, strict=True)]
    return w


def momentum(gradients):
    w, v = list(START), [0.0, 0.0]
    for g in gradients:
        v = [MOMENTUM * a + b for a, b in zip(v, g, strict=True)]
        w = [a - RATE * b for a, b in zip(w, v, strict=True)]
    return w


def nesterov(gradients):
    w, v = list(START), [0.0, 0.0]
    for g in gradients:
        v = [MOMENTUM * a + b for a, b in zip(v, g, strict=True)]
        w = [a - RATE * (b + MOMENTUM * c) for a, b, c in zip(w, g, v, strict=True)]
    return w


def adagrad(gradients):
    w, s = list(START), [0.0, 0.0]
    for g in gradients:
        s = [a + b * b for a, b in zip(s, g, strict=True)]
        w = [a - RATE * b / (math.sqrt(c) + 1e-10) for a, b, c in zip(w, g, s, strict=True)]
    return w


def rmsprop(gradients):
    w, s = list(START), [0.0, 0.0]
    for g in gradients:
        s = [0.9 * a + 0.1 * b * b for a, b in zip(s, g, strict=True)]
        w = [a - RATE * b / (math.sqrt(c) + 1e-8) for a, b, c in zip(w, g, s, strict=True)]
    return w


def adam(gradients, decay=0.0):
    w, m, s = list(START), [0.0, 0.0], [0.0, 0.0]
    for t, g in enumerate(gradients, start=1):
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
        s = [0.999 * a + 0.001 * b * b for a, b in zip(s, g, strict=True)]
        steps = [(a / (1 - 0.9**t)) / (math.sqrt(b / (1 - 0.999**t)) + 1e-8) for a, b in zip(m, s, strict=True)]
        w = [a - RATE * decay * a - RATE * b for a, b in zip(w, steps, strict=True)]
    return w


def adamw(gradients):
    return adam(gradients, decay=0.2)


class OneLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([START], dtype=torch.float64))
        self.bias = nn.Parameter(torch.tensor([3.0], dtype=torch.float64))


@pytest.mark.parametrize("formula", [sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw], ids=lambda f: f.__name__)
def test_four_updates_follow_the_formula(formula):
    net = OneLayer()
    spec = TrainingSpec(optimizer=formula.__name__, learning_rate=RATE, momentum=MOMENTUM, l2=0.2)
    optimiser = make_optimiser(net, spec)
    for gradient in GRADIENTS:
        net.weight.grad = torch.tensor([gradient], dtype=torch.float64)
        net.bias.grad = torch.zeros(1, dtype=torch.float64)
        optimiser.step()
    assert net.weight[0].tolist() == pytest.approx(formula(GRADIENTS), rel=1e-9)
    # A bias without a gradient stays: it does not decay.
    assert net.bias.item() == 3.0


def test_nesterov_without_momentum_is_plain_descent():
    net = OneLayer()
    optimiser = make_optimiser(net, TrainingSpec(optimizer="nesterov", momentum=0.0, learning_rate=RATE))
    net.weight.grad = torch.tensor([GRADIENTS[0]], dtype=torch.float64)
    optimiser.step()
    assert net.weight[0].tolist() == pytest.approx(sgd(GRADIENTS[:1]))
