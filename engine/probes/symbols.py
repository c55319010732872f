"""Looking at the vectors that symbols have: where some lie in a plane, who is near whom, and how much of that shows."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.readings import Reading
from engine.words.train.watching import layout, units

NEIGHBOURS = 5
"""The nearest of a symbol that are told."""
COMPARED = 3
"""Of each symbol drawn so many of the nearest are asked of which kind they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Map(Reading):
    """Where the symbols drawn lie in a plane, ``x`` and ``y`` (w,) float32; and for each the ``near`` (w, k) int32, the
    numbers of the symbols whose vectors point most nearly where its own does, with their ``cosines`` (w, k) float32.
    """

    name: ClassVar[str] = "map"
    x: np.ndarray
    y: np.ndarray
    near: np.ndarray
    cosines: np.ndarray


def read_map(vectors: np.ndarray, drawn: np.ndarray, among: np.ndarray, before: np.ndarray | None) -> Map:
    """Return the map of the symbols ``drawn`` (w,), turned to where they were ``before`` (w, 2), and of each the
    nearest ``among`` (m,) some; ``vectors`` (V, d) are those of all symbols.
    """
    places = layout(vectors[drawn], before)
    directions = _directions(vectors)
    cosines = directions[drawn] @ directions[among].T
    cosines[drawn[:, None] == among[None]] = -np.inf  # itself
    best = np.argsort(-cosines, axis=1, kind="stable")[:, : min(NEIGHBOURS, len(among) - 1)]
    nearest = np.take_along_axis(cosines, best, axis=1)
    return Map(places[:, 0], places[:, 1], among[best].astype(np.int32), nearest.astype(np.float32))


def alike(vectors: np.ndarray, kinds: np.ndarray) -> tuple[float, float]:
    """Return which share of the ``COMPARED`` nearest of each of some vectors (n, d), by cosine, is of its own of the
    ``kinds`` (n,), and which share it would be if all stood in a line by chance; NaN for both of fewer than two.
    """
    count = len(kinds)
    if count < 2:
        return float("nan"), float("nan")
    directions = _directions(vectors)
    cosines = directions @ directions.T
    np.fill_diagonal(cosines, -np.inf)
    best = np.argsort(-cosines, axis=1, kind="stable")[:, : min(COMPARED, count - 1)]
    same = kinds[:, None] == kinds[None]
    by_chance = (same.sum(axis=1) - 1) / (count - 1)
    return float((kinds[best] == kinds[:, None]).mean()), float(by_chance.mean())


def share_in_plane(vectors: np.ndarray) -> float:
    """Return which share of how the directions of some vectors (n, d) differ, their variance, the map of them shows;
    NaN where they do not differ.
    """
    centred = _directions(vectors)
    sizes = np.linalg.svd(centred - centred.mean(axis=0), compute_uv=False) ** 2
    whole = float(sizes.sum())
    return float(sizes[:2].sum()) / whole if whole > 0 else float("nan")


def _directions(vectors: np.ndarray) -> np.ndarray:
    """Return vectors brought to length 1; what is no number any more counts as 0, as on the map."""
    return units(np.nan_to_num(vectors.astype(np.float64), posinf=0.0, neginf=0.0))
