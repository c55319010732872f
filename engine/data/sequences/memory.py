"""Tasks that cannot be done without remembering for long (Hochreiter and Schmidhuber 1997)."""

from typing import NamedTuple

import numpy as np

from engine.seeds import numpy_generator

COPIED = 8
"""Symbols that are to be copied; above them stand the blank and the sign to begin."""
BLANK, SIGN = COPIED, COPIED + 1
SYMBOLS = COPIED + 2


class Task(NamedTuple):
    """What is read and what is asked: ``read`` (n, steps, 2) float32 or (n, steps) int64, ``asked`` (n,) float32 or
    (n, steps) int64.
    """

    read: np.ndarray
    asked: np.ndarray


def adding(count: int, steps: int, seed: int) -> Task:
    """Return the adding problem: of numbers from 0 to 1 two are marked, one in each half; asked is their sum.

    Who always says 1 has a mean squared error of 1/6. ``steps`` are at least 2.
    """
    generator = numpy_generator(seed, "adding", steps)
    numbers = generator.uniform(0, 1, (count, steps))
    half = steps // 2
    marked = generator.integers(0, half, count), generator.integers(half, steps, count)
    marks = np.zeros((count, steps))
    rows = np.arange(count)
    for places in marked:
        marks[rows, places] = 1
    asked = sum(numbers[rows, places] for places in marked)
    return Task(np.stack([numbers, marks], axis=2).astype(np.float32), np.asarray(asked, np.float32))


def copying(count: int, symbols: int, delay: int, seed: int) -> Task:
    """Return the copy task: so many symbols, blanks for ``delay`` steps, a sign; then the symbols are asked for.

    Until then the blank is asked for; that are ``2 * symbols + delay`` steps, with a ``delay`` of at least 1. A net
    without memory does no better than to guess, see ``guessing_loss``.
    """
    generator = numpy_generator(seed, "copying", symbols, delay)
    told = generator.integers(0, COPIED, (count, symbols))
    steps = 2 * symbols + delay
    read = np.full((count, steps), BLANK, np.int64)
    read[:, :symbols] = told
    read[:, symbols + delay - 1] = SIGN
    asked = np.full((count, steps), BLANK, np.int64)
    asked[:, symbols + delay :] = told
    return Task(read, asked)


def guessing_loss(symbols: int, delay: int) -> float:
    """Return the mean cross-entropy, in nats, of who remembers nothing and guesses well."""
    return float(symbols * np.log(COPIED) / (2 * symbols + delay))
