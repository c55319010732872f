"""Small pictures side by side as markup, each with words below it: all text in it is escaped."""

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

STYLE = """<style>
.ls-wall { display: flex; flex-wrap: wrap; gap: 0.75rem 0.6rem; margin: 0; padding: 0; list-style: none; }
.ls-wall figure { margin: 0; width: var(--side); }
.ls-wall img { width: var(--side); height: auto; image-rendering: pixelated; display: block; border-radius: 3px;
  background: repeating-conic-gradient(color-mix(in srgb, currentColor 16%, transparent) 0 25%, transparent 0 50%)
  0 / 10px 10px; outline: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
.ls-wall figcaption { font-size: 0.8125rem; line-height: 1.3; padding-top: 0.25rem;
  font-variant-numeric: tabular-nums; }
.ls-wall figcaption b { font-weight: 600; }
</style>"""
SIDE = 92


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture (height, width, channels) uint8 with 1 channel, 3, or 4 where the last says what is there; ``value``
    and ``words`` stand below it, ``alt`` is told in its place.
    """

    pixels: np.ndarray
    value: str
    words: str
    alt: str


def wall(shots: Sequence[Shot], side: int = SIDE) -> str:
    """Return pictures side by side, each drawn ``side`` pixels wide."""
    return f'{STYLE}<div class="ls-wall" style="--side:{side}px">{"".join(map(_shot, shots))}</div>'


def cut_out(picture: np.ndarray, top: int, left: int, side: int) -> np.ndarray:
    """Return a square of a picture (height, width, channels), (side, side, 4) uint8: nothing where it lies outside."""
    height, width = picture.shape[:2]
    colours = np.broadcast_to(picture, (height, width, 3)) if picture.shape[2] == 1 else picture
    found = np.zeros((side, side, 4), np.uint8)
    rows, columns = slice(max(0, top), min(height, top + side)), slice(max(0, left), min(width, left + side))
    there = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    found[there][..., :3] = colours[rows, columns]
    found[there][..., 3] = 255
    return found


def _shot(shot: Shot) -> str:
    file = io.BytesIO()
    pixels = shot.pixels[..., 0] if shot.pixels.shape[2] == 1 else shot.pixels
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    value, words, alt = (html.escape(one) for one in (shot.value, shot.words, shot.alt))
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="{alt}">'
        f"<figcaption><b>{value}</b><br>{words}</figcaption></figure>"
    )
