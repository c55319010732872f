"""The reference for training speed: the same net, data and loop in a plain script, nobody watching.

    python -m tests.bench.bare_loop [name=value ...]

prints "ready" after a short run-up, trains until it is told to end (SIGTERM), and prints the steps made since "ready".
"""

import os
import signal
import sys
from collections.abc import Iterator

import torch

from engine.kinship import die_with
from engine.labs.catalogue import LABS


def main(settings: dict[str, str]) -> None:
    """Train until told to end."""
    told = until_told()
    lab = LABS["playground"]
    walk(lab.open(lab.spec.from_strings(settings)).steps(), told)


def walk(steps: Iterator[object], told: list[int]) -> None:
    """Take steps until something is ``told``, after a run-up that is not counted, and print how many they were."""
    for _ in range(200):
        next(steps)
    print("ready", flush=True)
    count = 0
    while not told:
        next(steps)
        count += 1
    print(count, flush=True)


def until_told() -> list[int]:
    """Return a list that holds something as soon as this process is to end; it ends at once with who has started it,
    in whatever way that one ends, and also where it has been stopped.
    """
    die_with(os.getppid())
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    return told


if __name__ == "__main__":
    os.nice(10)  # as a worker is
    torch.set_num_threads(1)
    main(dict(pair.split("=", 1) for pair in sys.argv[1:]))
