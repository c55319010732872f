"""Lists around centres, where they can be seen: words on the plane of their first two principal components.

The vectors are those of the open space; what is done with them on the plane is what IVF does with all dimensions:
k-means, a cell for each centre, and a question that looks into the nearest cells alone. Light: numpy on a few thousand
words.
"""

from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.search import units
from engine.words.space import Space

LEAST_ROWS, MOST_ROWS = 100, 1_000
CENTRES, ROUNDS, K = 24, 12, 10


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """n words on a plane: ``rows`` (n,) of the space, ``points`` (n, 2); ``centres`` (c, 2), and in whose cell each
    point lies, ``cell`` (n,).
    """

    rows: np.ndarray
    points: np.ndarray
    centres: np.ndarray
    cell: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Probed:
    """A question, asked at a point: the cells that are looked at, nearest first, how many points lie in these, which K
    points are really nearest, and which of these are found.
    """

    cells: np.ndarray
    looked_at: int
    nearest: np.ndarray
    found: np.ndarray


def cells(space: Space) -> Cells:
    """Return the first words of a space in cells of the plane; raises DataError where fewer than a hundred of them have
    a direction.
    """
    rows = np.flatnonzero(space.inverse_norms > 0)[:MOST_ROWS]
    if len(rows) < LEAST_ROWS:
        raise DataError(f"These {len(rows)} words are too few to be put into cells: expected at least {LEAST_ROWS}.")
    points = plane(units(space, rows))
    centres = k_means(points)
    return Cells(rows, points, centres, _nearest_centre(points, centres))


def plane(vectors: np.ndarray) -> np.ndarray:
    """Return vectors, (n, d), on their first two principal components, (n, 2) float64; of each the end that is farther
    out lies at the positive side.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    if len(centred) < centred.shape[1]:  # the smaller of the two squares has the same components
        values, scores = np.linalg.eigh(centred @ centred.T)
        found = scores[:, :-3:-1] * np.sqrt(np.maximum(values[:-3:-1], 0))
    else:
        _, directions = np.linalg.eigh(centred.T @ centred)  # rising
        found = centred @ directions[:, :-3:-1]
    return found * np.where(found.max(axis=0) < -found.min(axis=0), -1, 1)


def k_means(points: np.ndarray) -> np.ndarray:
    """Return centres, (c, 2), after some rounds of Lloyd's algorithm; they begin at points spread evenly."""
    centres = points[np.linspace(0, len(points) - 1, CENTRES).astype(int)].copy()
    for _ in range(ROUNDS):
        cell = _nearest_centre(points, centres)
        for one in range(len(centres)):
            if (cell == one).any():
                centres[one] = points[cell == one].mean(axis=0)
    return centres


def probe(made: Cells, place: int, count: int) -> Probed:
    """Ask for the K nearest of the point at a place, itself left out, in the ``count`` nearest cells."""
    point = made.points[place]
    looked = np.argsort(_squared(made.centres, point), kind="stable")[:count]
    order = np.argsort(_squared(made.points, point), kind="stable")
    nearest = order[order != place][:K]
    inside = np.isin(made.cell, looked)
    return Probed(looked, int(inside.sum()), nearest, nearest[inside[nearest]])


def hard_question(made: Cells) -> int:
    """Return the place of a word, one of the first, of whose nearest the fewest lie in its own cell."""
    return min(range(min(200, len(made.points))), key=lambda place: len(probe(made, place, 1).found))


def borders(made: Cells, box: tuple[float, float, float, float]) -> list[np.ndarray]:
    """Return the corners of each cell, (m, 2), within a box (left, bottom, right, top); none for a cell outside it."""
    left, bottom, right, top = box
    whole = np.array([[left, bottom], [right, bottom], [right, top], [left, top]], float)
    found = []
    for one, centre in enumerate(made.centres):
        corners = whole
        for other in np.delete(made.centres, one, axis=0):
            corners = _clipped(corners, other - centre, float(other @ other - centre @ centre) / 2)
        found.append(corners)
    return found


def _clipped(corners: np.ndarray, normal: np.ndarray, most: float) -> np.ndarray:
    """Return the part of a convex polygon for which ``normal`` @ point <= ``most`` (Sutherland and Hodgman 1974)."""
    kept: list[np.ndarray] = []
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inside, beside = float(normal @ a) <= most, float(normal @ b) <= most
        if inside:
            kept.append(a)
        if inside != beside:
            kept.append(a + (most - normal @ a) / (normal @ (b - a)) * (b - a))
    return np.array(kept).reshape(-1, 2)


def _nearest_centre(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.argmin(((points[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)


def _squared(points: np.ndarray, point: np.ndarray) -> np.ndarray:
    return ((points - point) ** 2).sum(axis=1)
