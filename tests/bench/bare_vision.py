"""The reference for training speed on images: LeNet-5 in a plain PyTorch script, nobody watching.

    python -m tests.bench.bare_vision [name=value ...]

prints what ``tests.bench.bare_loop`` prints.
"""

import os
import sys
from collections.abc import Iterator

import torch
from torch import nn
from torch.nn import functional

from engine.data.images.prepared import prepare
from engine.labs.vision import VisionSpec
from tests.bench.bare_loop import until_told, walk


def lenet() -> nn.Module:
    """Return LeNet-5 for digits of 28 x 28 pixels, as anybody would write it down."""
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


def steps(spec: VisionSpec) -> Iterator[float]:
    """Train for ever, and yield the loss of each step."""
    prepared = prepare(spec)
    inputs = torch.from_numpy(prepared.inputs(prepared.images.pixels[prepared.train]))
    targets = torch.from_numpy(prepared.told[prepared.train])
    net = lenet()
    optimiser = torch.optim.Adam(net.parameters(), spec.learning_rate)
    while True:
        for batch in torch.randperm(len(targets)).split(spec.batch_size):
            optimiser.zero_grad()
            loss = functional.cross_entropy(net(inputs[batch]), targets[batch])
            loss.backward()
            optimiser.step()
            yield loss.item()


if __name__ == "__main__":
    os.nice(10)  # as a worker is
    torch.set_num_threads(1)
    told = until_told()
    walk(steps(VisionSpec.from_strings(dict(pair.split("=", 1) for pair in sys.argv[1:]))), told)
