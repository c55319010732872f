"""The parallelogram of an analogy, in the one plane in which three of its corners really lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.errors import DataError
from engine.words.formula import Formula
from engine.words.space import Space

Role = Literal["a", "b", "c", "target", "answer", "other"]
SMALLEST = 1e-5
"""A step no longer than this is what float32 rounds away: it has no direction."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A word in the plane: where, and how far ``outside`` of it the word's own vector of length 1 ends."""

    word: str
    role: Role
    x: float
    y: float
    outside: float


@dataclass(frozen=True, slots=True)
class Parallelogram:
    """a is to b as c is to the answer: corners in the plane through a, b and c, a at (0, 0) and b on the first axis.

    a, b, c and the target b - a + c lie in it; answers lie ``outside``. ``angle`` (degrees, 0 to 180) is that between
    a -> b and c -> answer in the whole space, ``ratio`` the length of the second over that of the first; None where
    one of them has no length. ``dimensions`` is 2, or less where a, b and c lie on a line or in a point.
    """

    corners: tuple[Corner, ...]
    angle: float | None
    ratio: float | None
    dimensions: int

    def corner(self, role: Role) -> Corner:
        """Return the first corner of a role."""
        return next(corner for corner in self.corners if corner.role == role)


def parallelogram(space: Space, formula: Formula, answer: str, others: Sequence[str] = ()) -> Parallelogram:
    """Return the parallelogram of ``c - a + b``, as in king - man + woman, with an answer and other words.

    All words are taken at length 1, as the methods take them. Raises DataError for another kind of formula, or a word
    that is not there.
    """
    if not formula.is_parallelogram:
        raise DataError(
            "A parallelogram takes two words with a plus and one with a minus, as king - man + woman, received "
            f"{len(formula.positive)} and {len(formula.negative)}."
        )
    (c, b), (a,) = formula.positive, formula.negative
    vectors = {word: _unit(space.vector(word)) for word in (a, b, c, answer, *others)}
    origin, step, side = vectors[a], vectors[b] - vectors[a], vectors[c] - vectors[a]
    basis = _basis([step, side])
    dimensions = len(basis)
    if dimensions < 2:  # any plane through them will do: the one in which the answer lies too
        basis = _basis([*basis, vectors[answer] - origin, *np.eye(len(origin))])[:2]

    def corner(word: str, role: Role, vector: np.ndarray) -> Corner:
        place = [float(along @ (vector - origin)) for along in basis]
        inside = sum((share * along for share, along in zip(place, basis, strict=True)), np.zeros_like(origin))
        x, y = (*place, 0.0, 0.0)[:2]
        return Corner(word, role, x, y, float(np.linalg.norm(vector - origin - inside)))

    roles: list[tuple[str, Role]] = [(a, "a"), (b, "b"), (c, "c"), (answer, "answer")]
    seen = {a, b, c, answer}
    corners = [corner(word, role, vectors[word]) for word, role in roles]
    corners += [corner(word, "other", vectors[word]) for word in dict.fromkeys(others) if word not in seen]
    target = corner("", "target", origin + step + side)
    across = vectors[answer] - vectors[c]
    lengths = float(np.linalg.norm(step)), float(np.linalg.norm(across))
    ratio = lengths[1] / lengths[0] if min(lengths) > SMALLEST else None
    angle = None if ratio is None else _degrees(step, across)
    return Parallelogram((*corners[:3], target, *corners[3:]), angle, ratio, dimensions)


def _unit(vector: np.ndarray) -> np.ndarray:
    """Return a vector at length 1, (d,) float64; zeros stay zeros."""
    vector = vector.astype(np.float64)
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector


def _basis(steps: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return steps made orthogonal, at length 1, without those that add no direction (Gram-Schmidt)."""
    basis: list[np.ndarray] = []
    for step in steps:
        rest = step
        for _ in range(2):  # once more for what rounding left of it
            rest = rest - sum((along * (along @ rest) for along in basis), np.zeros_like(rest))
        length = np.linalg.norm(rest)
        if length > SMALLEST:
            basis.append(rest / length)
    return basis


def _degrees(one: np.ndarray, other: np.ndarray) -> float:
    """Return the angle between two vectors; this form (Kahan) is exact for small angles too."""
    one, other = one / np.linalg.norm(one), other / np.linalg.norm(other)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(one - other), np.linalg.norm(one + other))))
