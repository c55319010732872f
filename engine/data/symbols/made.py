"""How sequences of symbols are made: each task as symbols to be read, and what is asked behind, or at, each of them.

``repeated``: letters by chance, and the same letters over again, in periods of any length: who has seen a letter before
can look up what came behind it (Elhage et al. 2021; Olsson et al. 2022, arXiv 2209.11895).
``modular``: ``a b =``, and behind it a + b modulo a prime (Power et al. 2022, arXiv 2201.02177).
``copy``, ``reverse``, ``sort``: some letters, then the same in another order.
"""

from typing import Literal, NamedTuple

import numpy as np

from engine.seeds import numpy_generator

Arranged = Literal["copy", "reverse", "sort"]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGN, MASK, EQUALS = ">", "_", "="
UNASKED = -1
"""Stands where nothing is asked."""
MASKED_SHARE = 0.15
"""Of what an encoder reads, as of BERT's (Devlin et al. 2018, arXiv 1810.04805)."""


class Made(NamedTuple):
    """``symbols`` by their numbers; ``read`` (n, T) and ``asked`` (n, W) int64, ``UNASKED`` where nothing is asked.

    W is T, or where an encoder reads the first ``given`` ones and a decoder writes, T - ``given``.
    """

    symbols: tuple[str, ...]
    read: np.ndarray
    asked: np.ndarray
    given: int = 0


def repeated(count: int, length: int, letters: int, *, masked: bool, seed: int) -> Made:
    """Return sequences that repeat themselves, the period of each from a quarter to half of the ``length``.

    No letter comes twice within a period. Asked is each next letter from the first repetition on; with ``masked``,
    letters that are left out but stand elsewhere.
    """
    generator = numpy_generator(seed, "repeated")
    periods = generator.integers(max(2, length // 4), length // 2 + 1, count)
    whole = np.empty((count, length + 1), np.int64)
    for row, period in enumerate(periods):
        whole[row] = np.resize(generator.permutation(letters)[:period], length + 1)
    if masked:
        return masked_out(tuple(LETTERS[:letters]), whole[:, :-1], generator)
    asked = np.where(np.arange(length) >= periods[:, None], whole[:, 1:], UNASKED)
    return Made(tuple(LETTERS[:letters]), whole[:, :-1], asked)


def modular(prime: int) -> Made:
    """Return all pairs of numbers below ``prime``; their sum is asked behind the sign."""
    a, b = (part.ravel() for part in np.meshgrid(np.arange(prime), np.arange(prime), indexing="ij"))
    read = np.stack([a, b, np.full_like(a, prime)], axis=1)
    asked = np.full_like(read, UNASKED)
    asked[:, 2] = (a + b) % prime
    return Made((*map(str, range(prime)), EQUALS), read, asked)


def arranged(order: Arranged, count: int, length: int, letters: int, shape: str, seed: int) -> Made:
    """Return letters, and the same in another ``order``, as a net of a ``shape`` learns it: an encoder tells at each
    place which letter comes there; others write behind the sign.
    """
    given = numpy_generator(seed, "arranged", order).integers(0, letters, (count, length))
    wanted = arrange(order, given)
    symbols = (*LETTERS[:letters], SIGN)
    if shape == "encoder":
        return Made(symbols, given, wanted)
    read = behind_sign(given, wanted, letters)
    if shape == "both":
        return Made(symbols, read, wanted, given=length)
    asked = np.full_like(read, UNASKED)
    asked[:, length:] = wanted
    return Made(symbols, read, asked)


def arrange(order: Arranged, given: np.ndarray) -> np.ndarray:
    """Return letters (n, length) in another order."""
    match order:
        case "copy":
            return given.copy()
        case "reverse":
            return given[:, ::-1].copy()
        case "sort":
            return np.sort(given, axis=1)


def behind_sign(given: np.ndarray, wanted: np.ndarray, sign: int) -> np.ndarray:
    """Return what is given, the sign, and what is wanted but for its end, which nobody has to read: (n, 2 length)."""
    return np.concatenate([given, np.full((len(given), 1), sign), wanted[:, :-1]], axis=1)


def masked_out(symbols: tuple[str, ...], whole: np.ndarray, generator: np.random.Generator) -> Made:
    """Return sequences (n, T) of which some symbols are left out, at least one of each, and asked."""
    out = generator.random(whole.shape) < MASKED_SHARE
    out[np.arange(len(whole)), generator.integers(0, whole.shape[1], len(whole))] = True
    read = np.where(out, len(symbols), whole)
    return Made((*symbols, MASK), read, np.where(out, whole, UNASKED))
