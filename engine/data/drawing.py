"""Points that a person has drawn, as a short text that goes into links, files and forms: light.

The plane reaches from -1.5 to 1.5 along each axis, in hundredths. A point is three letters of the alphabet of base 64
for URLs: its place in the grid, row by row from below. The points of class 0 come first, then a full stop and those of
class 1, and so on: ``kGdkGe.Bkz`` are two points of class 0 and one of class 1.
"""

from collections.abc import Sequence

import numpy as np

from engine.errors import DataError

SIDE = 1.5
PER_UNIT = 100
MOST_POINTS = 300
MOST_CLASSES = 8
FEWEST_POINTS = 6
MOST_CHARS = 3 * MOST_POINTS + MOST_CLASSES - 1
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BETWEEN = "."
_PLACES = {letter: place for place, letter in enumerate(ALPHABET)}
_HALF = round(SIDE * PER_UNIT)
_WIDTH = 2 * _HALF + 1


def read_drawing(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates (n, 2) float64 and labels (n,) int64; raises DataError for a text that is no drawing."""
    groups = text.split(BETWEEN)
    points = [group[start : start + 3] for group in groups for start in range(0, len(group), 3)]
    if len(groups) > MOST_CLASSES or len(points) > MOST_POINTS or any(len(group) % 3 for group in groups):
        raise DataError(
            f"This is no drawing: expected at most {MOST_POINTS} points of at most {MOST_CLASSES} classes, "
            "three letters each."
        )
    places = [_place(point) for point in points]
    labels = np.repeat(np.arange(len(groups)), [len(group) // 3 for group in groups])
    rows, columns = np.divmod(np.array(places, np.int64), _WIDTH)
    return (np.stack([columns, rows], axis=1) - _HALF) / PER_UNIT, labels


def write_drawing(coordinates: np.ndarray, labels: Sequence[int] | np.ndarray) -> str:
    """Return points (n, 2) with their labels (n,) as text; what lies outside of the plane is put at its edge."""
    cells = np.clip(np.rint(np.asarray(coordinates) * PER_UNIT), -_HALF, _HALF).astype(int) + _HALF
    groups = ["" for _ in range(int(max(labels, default=0)) + 1)]
    for (column, row), label in zip(cells.tolist(), labels, strict=True):
        place = row * _WIDTH + column
        groups[int(label)] += ALPHABET[place >> 12] + ALPHABET[place >> 6 & 63] + ALPHABET[place & 63]
    return BETWEEN.join(groups)


def checked(text: str) -> str:
    """Return a drawing that can be read; raises ValueError for any other text, as a validator of a setting does."""
    try:
        read_drawing(text)
    except DataError as error:
        raise ValueError(str(error)) from None
    return text


def classes_of(text: str) -> tuple[str, ...]:
    """Return the names of the classes of a drawing; raises DataError where there is too little to learn."""
    _, labels = read_drawing(text)
    drawn = np.unique(labels)
    if not len(labels):
        raise DataError("Nothing is drawn yet: set points of two classes or more, and press Use these points.")
    if len(drawn) < 2:
        raise DataError("All drawn points are of one class, so there is nothing to tell apart: set some of another.")
    if len(labels) < FEWEST_POINTS:
        raise DataError(
            f"There are too few points to learn from: expected at least {FEWEST_POINTS}, received {len(labels)}."
        )
    return tuple(f"class {label}" for label in range(int(drawn.max()) + 1))


def fitted(coordinates: np.ndarray) -> np.ndarray:
    """Return points (n, 2) as they are where they lie in the plane, or moved and made smaller as a whole to fit."""
    if np.abs(coordinates).max(initial=0.0) <= SIDE:
        return coordinates
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    reach = float((high - low).max()) / 2 or 1.0
    return (coordinates - (low + high) / 2) * (0.9 * SIDE / reach)


def _place(point: str) -> int:
    if not all(letter in _PLACES for letter in point):
        raise DataError(f"This is no drawing: expected letters of base 64, received {point[:3]!r}.")
    first, second, third = (_PLACES[letter] for letter in point)
    place = first << 12 | second << 6 | third
    if place >= _WIDTH**2:
        raise DataError(f"This is no drawing: the point {point!r} lies outside of the plane.")
    return place
