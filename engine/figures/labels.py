"""Where words are written beside their points, so that no two of them lie over each other."""

from collections.abc import Sequence

SIDES = ("top center", "middle right", "middle left", "bottom center")
LETTER, LINE = 7.5, 16.0
"""Pixels of a letter and of a line."""

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in the units of the plot."""
Units = tuple[float, float]
"""How much of the plot a pixel is, across and up."""


def free_sides(
    spots: Sequence[tuple[float, float, str]], taken: list[Box], units: Units, size: float
) -> list[str | None]:
    """Return on which side of its point, of so many pixels, each word of ``spots`` (x, y, word) finds room beside what
    is ``taken`` and the words before it; None where there is no room.
    """
    taken, found = list(taken), []
    for x, y, word in spots:
        boxes = {side: label_box(x, y, word, units, size, side) for side in SIDES}
        side = next((side for side, box in boxes.items() if not any(meet(box, other) for other in taken)), None)
        found.append(side)
        taken += [boxes[side]] if side else []
    return found


def point_box(x: float, y: float, units: Units, size: float) -> Box:
    """Return the room of a point of so many pixels."""
    across, up = (size / 2 * unit for unit in units)
    return x - across, y - up, x + across, y + up


def label_box(x: float, y: float, word: str, units: Units, size: float, side: str) -> Box:
    """Return the room of a word on a side of its point."""
    left, bottom, right, top = point_box(x, y, units, size)
    long, high = len(word) * LETTER * units[0], LINE * units[1]
    match side:
        case "middle right":
            return right, y - high / 2, right + long, y + high / 2
        case "middle left":
            return left - long, y - high / 2, left, y + high / 2
        case "bottom center":
            return x - long / 2, bottom - high, x + long / 2, bottom
        case _:
            return x - long / 2, top, x + long / 2, top + high


def meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes have some room in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def range_of(values: Sequence[float]) -> list[float]:
    """Return the ends of an axis, with room for points and their labels."""
    low, high = min(values), max(values)
    margin = 0.15 * (high - low) or 0.5
    return [low - margin, high + margin]
