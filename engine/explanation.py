"""How one number on the screen came about: its formula with the numbers in it, and the PyTorch lines that make it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import RunError

TERMS = 8
"""A sum that has more of them is told by its largest, and the rest in one number."""
_MINUS = "−"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a frame: its array by its full name (``boundary.value``, or ``scalars.loss`` for a point of a
    curve) and its indices there.
    """

    array: str
    index: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """``what`` the number is, in words; its ``value``, not rounded; ``lines`` lead to it, one below the other.

    ``tensor`` is its name in the net (``layers.0.weight[2, 1]``), empty where it is none of the net's own. ``code`` are
    PyTorch lines of which the last is an expression that is the number; ``net`` is the net in evaluation mode, with the
    weights of this step, and ``inputs`` (n, F) and ``targets`` (n,) are the training points, ``held_out`` and
    ``held_out_targets`` those for validation, ``batch`` (B,) the places of the points of this step, ``loss`` the loss
    function. Empty where what it needs is not kept. ``settable`` tells that a person may put another number there, by
    the name ``tensor``.
    """

    what: str
    value: float
    lines: tuple[str, ...] = ()
    tensor: str = ""
    code: tuple[str, ...] = ()
    settable: bool = False


def number_in(arrays: Mapping[str, np.ndarray], cell: Cell) -> float:
    """Return the number in ``cell``; raises RunError where there is none."""
    array = arrays.get(cell.array)
    if array is None:
        raise RunError(f"There is no {cell.array[:60]!r} in this frame: expected one of what is drawn.")
    if len(cell.index) != array.ndim or not all(0 <= i < n for i, n in zip(cell.index, array.shape, strict=True)):
        shape = " × ".join(map(str, array.shape))
        raise RunError(f"There is no cell {list(cell.index)[:4]} in {cell.array[:60]!r}: expected indices in {shape}.")
    return float(array[cell.index])


def word(value: float) -> str:
    """Return a number to four figures, as one writes it: ``−0.0123``."""
    return f"{value:.4g}".replace("-", _MINUS)


def percent(probability: float) -> str:
    """Return a probability as a person says it; of one that is not quite 0 or 1 neither is said."""
    if probability != probability:
        return "no number"
    if 0 < probability < 0.001:
        return "less than 0.1%"
    return "more than 99.9%" if 0.9995 <= probability < 1 else f"{probability:.1%}"


def factor(value: float) -> str:
    """Return a number as it stands within a product or a sum: in brackets if it is below zero."""
    return f"({word(value)})" if value < 0 else word(value)


def products(ones: Sequence[float], others: Sequence[float]) -> str:
    """Return a sum of products, ``0.5 · 2 + (−1) · 3``: of many the largest, in their order, and the rest as one."""
    terms = [one * other for one, other in zip(ones, others, strict=True)]
    told = range(len(terms))
    if len(terms) > TERMS:
        told = sorted(sorted(told, key=lambda place: -abs(terms[place]))[: TERMS - 1])
    shown = [f"{factor(ones[place])} · {factor(others[place])}" for place in told]
    if len(shown) < len(terms):
        rest = sum(term for place, term in enumerate(terms) if place not in set(told))
        shown.append(f"{factor(rest)} [{len(terms) - len(shown)} more]")
    return " + ".join(shown) or "0"


def mean(values: Sequence[float]) -> str:
    """Return a mean written out by its first terms and its whole sum: ``(0.1 + 0.5 + …) / 40 = 12 / 40``."""
    first = " + ".join(map(factor, values[:3]))
    more = " + …" if len(values) > 3 else ""
    return f"({first}{more}) / {len(values)} = {word(sum(values))} / {len(values)} = {word(sum(values) / len(values))}"


def element(tensor: str, index: Sequence[int]) -> str:
    """Return the name of one number of a tensor: ``layers.0.weight[2, 1]``."""
    return f"{tensor}[{', '.join(map(str, index))}]"


def attribute(tensor: str) -> str:
    """Return the Python expression for a tensor of ``net``: ``net.layers[0].weight``."""
    return "net" + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in tensor.split("."))
