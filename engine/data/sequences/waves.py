"""Waves over time: what comes next is known, and so how well any forecast could be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.seeds import numpy_generator

Wave = Literal["sine", "mixed", "sawtooth"]
PERIOD = 25.0
"""Steps of the slowest wave."""
MIXED = ((1.0, 1.0), (0.5, 2.7), (0.3, 4.3))
"""Sizes and frequencies of the waves that are mixed: no two of them come round together."""


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """n waves of so many steps: ``values`` (n, steps) float32, as they are measured; ``true`` (n, steps) without the
    noise of the measurement.
    """

    values: np.ndarray
    true: np.ndarray


def waves(kind: Wave, count: int, steps: int, noise: float, seed: int) -> Waves:
    """Return waves that begin anywhere in their course; each value has normal noise of this standard deviation.

    A sine and a mixture of three lie about 0 with a size of 1 or 1.8 at most; a sawtooth rises from -1 to 1 and falls
    back at once.
    """
    generator = numpy_generator(seed, "waves", kind)
    at = np.arange(steps) / PERIOD + generator.uniform(0, 1, (count, 1))
    if kind == "sawtooth":
        true = 2 * (at % 1) - 1
    else:
        parts = MIXED if kind == "mixed" else MIXED[:1]
        begins = generator.uniform(0, 1, (len(parts), count, 1))
        true = np.zeros_like(at)
        for (size, frequency), begin in zip(parts, begins, strict=True):
            true += size * np.sin(2 * np.pi * (frequency * at + begin))
    measured = true + noise * generator.normal(size=true.shape)
    return Waves(measured.astype(np.float32), true.astype(np.float32))
