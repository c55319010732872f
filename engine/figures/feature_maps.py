"""Feature maps of one layer side by side, one of them large, and a window in it: each cell is a number of the net.

Below zero is blue, above it orange, and zero lets the page through; what is no number is grey. Those of an image are
greys from its darkest to its brightest number. Rows and columns are counted from 0, as torch does.
"""

import base64
import struct
import zlib
from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np

from engine.figures.squares import FRAME, GREYS, MARK, SIGNED, Range, Window, box, cell, drawn, heat, points
from engine.figures.squares import window_figure as windowed
from engine.figures.style import DIVERGING, Figure, figure, written

WIDE = 5.0
"""So many times as wide as it is high a wall of maps is, about."""
MOST_POINTS = 64 * 64
"""Of a larger map no cell can be clicked on: a browser would have too many of them."""
SMALL = 130
BAR = 25
REACH = 60
"""Pixels within which a click finds the middle of a map."""


def wall_figure(
    maps: np.ndarray,
    ends: Sequence[Range],
    names: Sequence[str],
    *,
    chosen: int | None = None,
    window: Window | None = None,
    grey: bool = False,
) -> Figure:
    """Return maps (n, height, width), each with the numbers at both ends of its colours; the ``chosen`` one is marked,
    and in each the ``window``. The last trace holds a point for each map: it is what one clicks on.
    """
    count, height, width = maps.shape
    gap = 0 if height == width == 1 else max(1, round(max(height, width) / 8))
    across = min(count, max(1, ceil(sqrt(count * WIDE * (height + gap) / (width + gap)))))
    down = ceil(count / across)
    across = ceil(count / down)  # as even as can be
    pixels = np.zeros((down * (height + gap) - gap, across * (width + gap) - gap, 4), np.uint8)
    corners = [(at // across * (height + gap), at % across * (width + gap)) for at in range(count)]
    for one, (top, left), (low, high) in zip(maps, corners, ends, strict=True):
        pixels[top : top + height, left : left + width] = _greys(one, low, high) if grey else _signed(one, high)
    picture = {"type": "image", "source": _png(pixels), "hoverinfo": "skip", "dx": 1, "dy": 1, "x0": 0, "y0": 0}
    shapes = []
    if gap:
        outlines = [_outline(corner, (height, width), color=FRAME, width=1) for corner in corners]
        shapes += [one | {"layer": "below"} for one in outlines]
    if window is not None:
        shapes += [_window(corner, window, (height, width)) for corner in corners]
    if chosen is not None:
        shapes.append(_outline(corners[chosen], (height, width), color=MARK, width=2.5))
    hidden = {"marker": {"opacity": 0}}
    middles = {
        "type": "scatter",
        "mode": "markers",
        "x": [left + (width - 1) / 2 for _, left in corners],
        "y": [top + (height - 1) / 2 for top, _ in corners],
        "text": list(names),
        "marker": {"symbol": "square", "size": 5, "opacity": 0},
        "selected": hidden,
        "unselected": hidden,
        "showlegend": False,
        "hovertemplate": "%{text}<extra></extra>",
    }
    tall = 60 + 62 * down if height > 1 else 40 + 14 * down
    found = drawn([picture, middles], (0, pixels.shape[0]), (0, pixels.shape[1]), shapes, min(max(tall, 90), 420))
    found["layout"]["hoverdistance"] = REACH
    return found


def map_figure(values: np.ndarray, ends: Range, row: int, column: int) -> Figure:
    """Return one map (height, width) with a cell marked; the last trace holds a point for each cell, to be clicked on,
    unless there are too many.
    """
    height, width = values.shape
    shapes = [_outline((0, 0), (height, width), color=FRAME, width=1), cell(row, column, color=MARK, width=2.5)]
    squares = heat(values, ends, SIGNED, 0)
    if values.size > MOST_POINTS:
        return drawn([squares], (0, height), (0, width), shapes)
    squares["hoverinfo"] = "skip"
    del squares["hovertemplate"]
    return drawn([squares, points(values, 0)], (0, height), (0, width), shapes)


def window_figure(
    values: np.ndarray, ends: Range, window: Window, *, padding: int = 0, dilation: int = 1, grey: bool = False
) -> Figure:
    """Return one map (height, width) with a window marked, in the frame of zeros that it slides over."""
    shape = (values.shape[0], values.shape[1])
    found = windowed(heat(values, ends, GREYS if grey else SIGNED, 0), shape, window, padding, dilation)
    found["layout"]["shapes"].insert(0, _outline((0, 0), shape, color=FRAME, width=1))
    return found


def small_figure(values: np.ndarray, ends: Range, row: int, column: int) -> Figure:
    """Return one map (height, width) small, with a cell marked."""
    height, width = values.shape
    shapes = [_outline((0, 0), (height, width), color=FRAME, width=1), cell(row, column, color=MARK, width=2)]
    return drawn([heat(values, ends, SIGNED, 0)], (0, height), (0, width), shapes, SMALL)


def bars_figure(names: Sequence[str], values: Sequence[float]) -> Figure:
    """Return numbers as bars, one below the other: to the left of zero, or to its right."""
    below, above = DIVERGING
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [str(at) for at in range(len(names))],
        "x": [float(value) for value in values],
        "text": [written(name, 60) for name in names],
        "marker": {"color": [below if value < 0 else above for value in values]},
        "textposition": "none",
        "hovertemplate": "%{text}: %{x:.5~g}<extra></extra>",
    }
    found = figure([bars], "", "", xaxis={"zeroline": True}, yaxis={"visible": False, "autorange": "reversed"})
    found["layout"] |= {"height": BAR * len(names) + 60, "margin": {"l": 8, "r": 8, "t": 30, "b": 30}}
    return found


def _outline(corner: tuple[int, int], shape: tuple[int, int], **line: Any) -> dict[str, Any]:
    (top, left), (height, width) = corner, shape
    return box(left - 0.5, top - 0.5, left + width - 0.5, top + height - 0.5, **line)


def _window(corner: tuple[int, int], window: Window, shape: tuple[int, int]) -> dict[str, Any]:
    """Return a window in one map of a wall, as far as it lies in this map."""
    top, left, bottom, right = window
    top, left = max(top, 0), max(left, 0)
    bottom, right = min(bottom, shape[0] - 1), min(right, shape[1] - 1)
    return box(
        corner[1] + left - 0.5,
        corner[0] + top - 0.5,
        corner[1] + right + 0.5,
        corner[0] + bottom + 0.5,
        color=MARK,
        width=1.5,
    )


def _signed(values: np.ndarray, reach: float) -> np.ndarray:
    """Return numbers (height, width) as colours (height, width, 4): the further from zero, the less can be seen
    through.
    """
    below, above = (_rgb(colour) for colour in DIVERGING)
    shares = np.nan_to_num(np.clip(values / (reach or 1.0), -1, 1))
    found = np.where((shares < 0)[..., None], below, above)
    return _over(values, np.dstack([found, np.rint(np.abs(shares) * 255)]))


def _greys(values: np.ndarray, low: float, high: float) -> np.ndarray:
    shares = np.nan_to_num(np.clip((values - low) / ((high - low) or 1.0), 0, 1))
    bright = np.rint(shares * 255)
    return _over(values, np.dstack([bright, bright, bright, np.full(values.shape, 255)]))


def _over(values: np.ndarray, colours: np.ndarray) -> np.ndarray:
    colours[~np.isfinite(values)] = (*_rgb(FRAME), 255)
    return colours.astype(np.uint8)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _png(pixels: np.ndarray) -> str:
    """Return pixels (height, width, 4) uint8 as the address of a PNG file that holds itself."""
    height, width = pixels.shape[:2]
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes())), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()
