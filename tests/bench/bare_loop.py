"""The reference for training speed: the same net, data and loop in a plain script, nobody watching.

    python -m tests.bench.bare_loop SECONDS [name=value ...]

prints steps per second.
"""

import os
import sys
import time

import torch

from engine.labs.catalogue import LABS


def main(seconds: float, settings: dict[str, str]) -> float:
    """Return steps per second of the bare loop, over ``seconds`` after a short run-up."""
    lab = LABS["playground"]
    experiment = lab.open(lab.spec.from_strings(settings))
    steps = experiment.steps()
    for _ in range(200):
        next(steps)
    count, start = 0, time.perf_counter()
    for _ in steps:
        count += 1
        if count % 50 == 0 and time.perf_counter() - start >= seconds:
            break
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    os.nice(10)  # as a worker is
    torch.set_num_threads(1)
    print(main(float(sys.argv[1]), dict(pair.split("=", 1) for pair in sys.argv[2:])))
