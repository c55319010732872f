"""A curve of a run's losses that fits into a line of text: markup for ``st.html``, of numbers of ours alone.

It is an SVG picture in a data URI, for Streamlit takes SVG elements out of markup.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from engine.figures.style import TRAIN_COLOUR, VALIDATION_COLOUR
from engine.runs.curve import Curve
from pages.ui.run_words import number

WIDTH, HEIGHT = 120, 36
MARGIN = 3.0
Point = tuple[float, float]


def sparkline(curve: Curve | None) -> str:
    """Return the training loss (a line) and the validation loss (dotted) over steps; where there is none, its room.

    Both have one scale, from the lowest to the highest of their finite values. Where a loss is no number, its line
    has a gap.
    """
    words = "No losses yet." if curve is None else _words(curve)
    source = b64encode(drawing(curve).encode()).decode()
    return (
        f'<img alt="{words}" width="{WIDTH}" height="{HEIGHT}" style="display:block" '
        f'src="data:image/svg+xml;base64,{source}">'
    )


def drawing(curve: Curve | None) -> str:
    """Return the picture alone, as an SVG document."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke-width="1.6" '
        f'stroke-linejoin="round" preserveAspectRatio="none">{"" if curve is None else _lines(curve)}</svg>'
    )


def _words(curve: Curve) -> str:
    return f"Loss from {number(curve.losses[0])} at step {curve.steps[0]:,} to {number(curve.loss)} at {curve.step:,}."


def _lines(curve: Curve) -> str:
    values = np.concatenate([curve.losses, curve.val_losses])
    finite = values[np.isfinite(values)]
    if not len(finite):
        return ""
    low, high = float(finite.min()), float(finite.max())
    dotted = ' stroke-dasharray="1.5 3" stroke-linecap="round"'
    return "".join(
        f'<g stroke="{colour}"{look}>{"".join(map(_stroke, _stretches(curve.steps, losses, low, high)))}</g>'
        for losses, colour, look in (
            (curve.val_losses, VALIDATION_COLOUR, dotted),
            (curve.losses, TRAIN_COLOUR, ""),
        )
    )


def _stretches(steps: np.ndarray, losses: np.ndarray, low: float, high: float) -> Iterator[list[Point]]:
    """Yield the points of each stretch without a gap, in pixels."""
    across = (WIDTH - 2 * MARGIN) / max(float(steps[-1] - steps[0]), 1.0)
    with np.errstate(invalid="ignore"):
        # In units of the largest: the difference of two numbers may be larger than any, or smaller.
        unit = max(abs(low), abs(high))
        share = (losses / unit - low / unit) / (high / unit - low / unit) if high > low else 0.5 + 0 * losses
    x = MARGIN + (steps - steps[0]) * across
    y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
    gaps = [-1, *np.flatnonzero(~np.isfinite(losses)).tolist(), len(losses)]
    for before, after in pairwise(gaps):
        if after - before > 1:
            yield list(zip(x[before + 1 : after].tolist(), y[before + 1 : after].tolist(), strict=True))


def _stroke(points: Sequence[Point]) -> str:
    if len(points) == 1:
        return '<circle cx="{:.1f}" cy="{:.1f}" r="1.5"/>'.format(*points[0])
    return f'<polyline vector-effect="non-scaling-stroke" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
