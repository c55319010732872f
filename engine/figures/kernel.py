"""A kernel that slides, as figures: the picture, the kernel, the output and its pools, each cell a square."""

from engine.data.images.kernel_spec import POOL
from engine.data.images.slid import Slid
from engine.figures.squares import FRAME, GREYS, MARK, SIGNED, Range, box, cell, drawn, heat, points, window_figure
from engine.figures.style import Figure

WHITE = 255.0


def input_figure(slid: Slid, row: int, column: int) -> Figure:
    """Return the picture with its frame of zeros, and on it what one place of the output sees."""
    squares = heat(slid.image, (0, WHITE), GREYS)
    how = slid.sliding
    return window_figure(squares, slid.image.shape, slid.window(row, column), how.padding, how.dilation)


def output_figure(slid: Slid, row: int, column: int) -> Figure:
    """Return the output; the last trace holds a point for each cell, row by row, that cannot be seen: it is what one
    clicks on. The place that is written out is marked, and its pool, where it goes into one.
    """
    height, width = slid.output.shape
    shapes = [box(-0.5, -0.5, width - 0.5, height - 0.5, color=FRAME, width=1)]
    if slid.pools is not None:
        top, left = row // POOL * POOL, column // POOL * POOL
        if top + POOL <= height and left + POOL <= width:
            shapes.append(box(left - 0.5, top - 0.5, left + 1.5, top + 1.5, color=MARK, width=1.5, dash="dot"))
    shapes.append(cell(row, column, color=MARK, width=2.5))
    low, high = output_range(slid)
    squares = heat(slid.output, (low, high), GREYS if slid.like_a_picture else SIGNED) | {"hoverinfo": "skip"}
    del squares["hovertemplate"]
    return drawn([squares, points(slid.output)], (0, height), (0, width), shapes)


def pool_figure(slid: Slid, row: int, column: int) -> Figure:
    """Return what was pooled, in the colours of the output; raises ValueError where nothing was."""
    if slid.pools is None:
        raise ValueError("nothing was pooled")
    height, width = slid.pools.shape
    shapes = [box(-0.5, -0.5, width - 0.5, height - 0.5, color=FRAME, width=1)]
    if row // POOL < height and column // POOL < width:
        shapes.append(cell(row // POOL, column // POOL, color=MARK, width=2.5))
    squares = heat(slid.pools, output_range(slid), GREYS if slid.like_a_picture else SIGNED)
    return drawn([squares], (0, height), (0, width), shapes)


def output_range(slid: Slid) -> Range:
    """Return the numbers at both ends of the colours of the output: black and white, or blue and orange."""
    low, high = float(slid.output.min()), float(slid.output.max())
    if slid.like_a_picture:
        return min(0.0, low), max(WHITE, high)
    reach = max(-low, high) or 1.0
    return -reach, reach
