"""Fonts to draw glyphs with: those that come inside the app's dependencies, so that no file of ours or of the machine's
is needed.

Pillow has one of its own; the app's pages bring others for their texts and formulas.
"""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

LIGHT, MIDDLE, BOLD = 300, 500, 800
FILES: Mapping[str, tuple[str, int | None]] = {
    "Sans light": ("SourceSansVF-Upright", LIGHT),
    "Sans": ("SourceSansVF-Upright", MIDDLE),
    "Sans bold": ("SourceSansVF-Upright", BOLD),
    "Sans italic": ("SourceSansVF-Italic", MIDDLE),
    "Serif light": ("SourceSerifVariable-Roman", LIGHT),
    "Serif bold": ("SourceSerifVariable-Roman", BOLD),
    "Serif italic": ("SourceSerifVariable-Italic", MIDDLE),
    "Code": ("SourceCodeVF-Upright", MIDDLE),
    "Code bold": ("SourceCodeVF-Upright", BOLD),
    "Code italic": ("SourceCodeVF-Italic", MIDDLE),
    "Print": ("KaTeX_Main-Regular", None),
    "Print bold": ("KaTeX_Main-Bold", None),
    "Print italic": ("KaTeX_Main-Italic", None),
    "Print bold italic": ("KaTeX_Main-BoldItalic", None),
    "Plain": ("KaTeX_SansSerif-Regular", None),
    "Plain bold": ("KaTeX_SansSerif-Bold", None),
    "Plain italic": ("KaTeX_SansSerif-Italic", None),
    "Typewriter": ("KaTeX_Typewriter-Regular", None),
}
"""Their names, what the names of the pages' files begin with, and of those that have many the weight of the strokes."""
OWN = "Aileron"


@dataclass(frozen=True, slots=True)
class Font:
    """A font by its name; without a ``file`` it is the one inside Pillow. ``weight`` chooses among those of a file."""

    name: str
    file: Path | None = None
    weight: int | None = None

    def sized(self, pixels: int) -> FreeTypeFont:
        """Return it at a size."""
        font = ImageFont.load_default(pixels) if self.file is None else ImageFont.truetype(self.file, pixels)
        if not isinstance(font, FreeTypeFont):
            raise RuntimeError("This Pillow was built without FreeType, which draws its fonts.")
        if self.weight is not None:
            font.set_variation_by_axes([self.weight])
        return font


@cache
def fonts() -> tuple[Font, ...]:
    """Return all that are here, Pillow's own first; the same in each installation of the same versions."""
    place = importlib.util.find_spec("streamlit")  # its files alone: the engine loads nothing of it
    found = [Font(OWN)]
    if place is not None and place.origin is not None:
        media = Path(place.origin).parent / "static" / "static" / "media"
        for name, (begin, weight) in FILES.items():
            found += [Font(name, file, weight) for file in sorted(media.glob(f"{begin}.*woff2"))[:1]]
    return tuple(found)
