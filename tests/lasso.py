"""A lasso drawn with the mouse, and numpy's own word on which points lie within."""

import math

import numpy as np
from playwright.sync_api import Page


def star(middle: tuple[float, float], size: float) -> np.ndarray:
    """Return a star with five points: no simple shape, but whole pixels; (10, 2)."""
    turns = np.linspace(0, 2 * math.pi, 11)[:-1]
    radius = np.where(np.arange(10) % 2, 0.45, 1.0) * size
    return np.rint(np.stack([middle[0] + radius * np.cos(turns), middle[1] + radius * np.sin(turns)], axis=1))


def inside(places: np.ndarray, path: np.ndarray) -> set[int]:
    """Return the points within a closed path: those around which it winds an odd number of times."""
    found = set()
    following = np.roll(path, -1, axis=0)
    for index, (x, y) in enumerate(places):
        crosses = (path[:, 1] > y) != (following[:, 1] > y)
        one, other = path[crosses], following[crosses]
        where = one[:, 0] + (y - one[:, 1]) / (other[:, 1] - one[:, 1]) * (other[:, 0] - one[:, 0])
        if (where > x).sum() % 2:
            found.add(index)
    return found


def drag(page: Page, path: np.ndarray) -> None:
    """Drag the pointer along a path, given in pixels of the window."""
    (x, y), *others = path.tolist()
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y)
    page.mouse.up()
