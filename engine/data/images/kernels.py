"""Kernels that people have made by hand, long before nets learnt theirs: each in whole numbers and what they are all
divided by, so that a sum can be followed by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

import numpy as np

Named = Literal[
    "identity",
    "sobel_across",
    "sobel_down",
    "scharr_across",
    "scharr_down",
    "box",
    "gaussian",
    "sharpen",
    "laplacian",
    "emboss",
]
Side = Literal[3, 5]
Rows = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Whole:
    """A kernel (k, k) of whole numbers, each of which is divided by the same one."""

    rows: Rows
    divisor: int = 1

    @cached_property
    def weights(self) -> np.ndarray:
        """Return the weights, (k, k) float64."""
        weights = np.array(self.rows) / self.divisor
        weights.flags.writeable = False
        return weights


@dataclass(frozen=True, slots=True)
class ByHand:
    """A kernel's name, what it does in a sentence, and how it is in each of its sizes."""

    title: str
    does: str
    sizes: Mapping[Side, Whole]


def _outer(down: tuple[int, ...], across: tuple[int, ...], divisor: int = 1) -> Whole:
    return Whole(tuple(tuple(one * other for other in across) for one in down), divisor)


def _sides(three: Whole, five: Whole | None = None) -> Mapping[Side, Whole]:
    return {3: three} if five is None else {3: three, 5: five}


_SMOOTH, _SMOOTHER = (1, 2, 1), (1, 4, 6, 4, 1)
_STEP, _WIDE_STEP = (-1, 0, 1), (-1, -2, 0, 2, 1)
_UNSHARP = tuple(
    tuple(512 * (row == column == 2) - one * other for column, other in enumerate(_SMOOTHER))
    for row, one in enumerate(_SMOOTHER)
)

BY_HAND: Mapping[Named, ByHand] = {
    "identity": ByHand(
        "The pixel itself",
        "Only the pixel in the middle counts: the picture stays as it is.",
        _sides(_outer((0, 1, 0), (0, 1, 0)), _outer((0, 0, 1, 0, 0), (0, 0, 1, 0, 0))),
    ),
    "sobel_across": ByHand(
        "Sobel, across",
        "Right minus left: upright edges stand out, from dark to bright above zero, from bright to dark below.",
        _sides(_outer(_SMOOTH, _STEP), _outer(_SMOOTHER, _WIDE_STEP)),
    ),
    "sobel_down": ByHand(
        "Sobel, down",
        "Below minus above: level edges stand out, from dark to bright above zero, from bright to dark below.",
        _sides(_outer(_STEP, _SMOOTH), _outer(_WIDE_STEP, _SMOOTHER)),
    ),
    "scharr_across": ByHand(
        "Scharr, across",
        "Right minus left, as Sobel's, with weights under which slanted edges count more evenly.",
        _sides(_outer((3, 10, 3), _STEP)),
    ),
    "scharr_down": ByHand(
        "Scharr, down",
        "Below minus above, as Sobel's, with weights under which slanted edges count more evenly.",
        _sides(_outer(_STEP, (3, 10, 3))),
    ),
    "box": ByHand(
        "Box blur",
        "The mean of all pixels under it: what is fine is smeared out.",
        _sides(_outer((1,) * 3, (1,) * 3, 9), _outer((1,) * 5, (1,) * 5, 25)),
    ),
    "gaussian": ByHand(
        "Gaussian blur",
        "A mean in which near pixels count more: it blurs, and more softly than a box does.",
        _sides(_outer(_SMOOTH, _SMOOTH, 16), _outer(_SMOOTHER, _SMOOTHER, 256)),
    ),
    "sharpen": ByHand(
        "Sharpen",
        "The pixel, and once more what tells it from its neighbours: edges get a dark and a bright rim.",
        _sides(Whole(((0, -1, 0), (-1, 5, -1), (0, -1, 0))), Whole(_UNSHARP, 256)),
    ),
    "laplacian": ByHand(
        "Laplacian",
        "The neighbours minus the pixel: zero where all are alike or rise evenly, whichever way an edge runs.",
        _sides(
            Whole(((0, 1, 0), (1, -4, 1), (0, 1, 0))),
            Whole(((0, 0, 1, 0, 0), (0, 1, 2, 1, 0), (1, 2, -16, 2, 1), (0, 1, 2, 1, 0), (0, 0, 1, 0, 0))),
        ),
    ),
    "emboss": ByHand(
        "Emboss",
        "The pixel, brighter than its surroundings to one corner: as if light fell on it from there.",
        _sides(Whole(((-2, -1, 0), (-1, 1, 1), (0, 1, 2)))),
    ),
}


def sides(name: Named) -> tuple[Side, ...]:
    """Return the sizes in which a kernel is known."""
    return tuple(cast(Side, side) for side in BY_HAND[name].sizes)
