"""Colours in numbers: text and controls stand out from their ground (WCAG 2.2, AA), and what colours mean can be told
apart with any kind of colour vision.
"""

import itertools
import re
import tomllib
from collections.abc import Sequence

import numpy as np
import pytest

from engine.figures.style import CLASS_COLOURS, DIVERGING, TRAIN_COLOUR, VALIDATION_COLOUR
from pages.ui.places import ASSETS
from tests.app_server import ROOT

STYLE = "".join((ASSETS / "live" / name).read_text(encoding="utf-8") for name in ("panel.css", "pointmap.css"))
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
COLOURS = (ASSETS / "live" / "colours.js").read_text(encoding="utf-8")
EDGES = tuple(re.findall(r'export const (?:NEGATIVE|POSITIVE) = "(#[0-9a-f]{6})"', COLOURS))
THEMES = ("light", "dark")
JUST_NOTICED = 2.3
TEXT, PART = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11: the least contrast of text, and of what one has to see of a control."""

# Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113: severity 1.0, applied to linear RGB.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ.sum(axis=1)


def linear(colour: np.ndarray) -> np.ndarray:
    """Return sRGB (3,) from 0 to 1 as linear light."""
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """Return the contrast ratio of two sRGB colours, as WCAG defines it."""
    bright, dim = sorted((float(XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def seen(colour: np.ndarray, vision: str) -> np.ndarray:
    """Return an sRGB colour in CIELAB (D65) as somebody with this colour vision sees it."""
    xyz = XYZ @ np.clip(VISIONS[vision] @ linear(colour), 0, 1) / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: np.ndarray, other: np.ndarray, vision: str) -> float:
    """Return how far apart two colours are seen: CIE 1976, where ``JUST_NOTICED`` can just be noticed."""
    return float(np.linalg.norm(seen(one, vision) - seen(other, vision)))


def rgb(colour: str) -> np.ndarray:
    """Return ``#rrggbb`` as sRGB from 0 to 1."""
    return np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])


class Sheet:
    """The colours of the live panel's style sheet under one of the app's themes."""

    def __init__(self, theme: str) -> None:
        own = CONFIG[theme]
        self.variables = {
            "--st-background-color": own["backgroundColor"],
            "--st-text-color": own["textColor"],
            "--st-primary-color": own["primaryColor"],
        } | dict(re.findall(r"^  (--ls-[a-z-]+): ([^;]*(?:#|var|color-mix)[^;]*);", STYLE, re.MULTILINE))

    def colour(self, text: str) -> np.ndarray:
        """Return what a colour of the style sheet comes to, as sRGB from 0 to 1."""
        text = text.strip()
        if mixed := re.fullmatch(r"color-mix\(in srgb, (.+?) ([\d.]+)%, (.+)\)", text):
            share = float(mixed[2]) / 100
            return share * self.colour(mixed[1]) + (1 - share) * self.colour(mixed[3])
        if named := re.fullmatch(r"var\((--[a-z-]+)(?:, [^)]+)?\)", text):
            return self.colour(self.variables[named[1]])
        return rgb(text)


PAPER, SURFACE, HOVER = "var(--ls-paper)", "var(--ls-surface)", "var(--ls-hover)"
INK, MUTED, ACCENT = "var(--ls-ink)", "var(--ls-muted)", "var(--ls-accent)"
PRESSED = "color-mix(in srgb, var(--ls-accent) 14%, var(--ls-paper))"
PAIRS = (
    *((INK, ground, TEXT) for ground in (PAPER, SURFACE, HOVER, PRESSED)),
    (INK, "color-mix(in srgb, var(--ls-accent) 9%, var(--ls-paper))", TEXT),  # banners
    (INK, "color-mix(in srgb, var(--ls-alarm) 10%, var(--ls-paper))", TEXT),
    (INK, "color-mix(in srgb, #0072b2 55%, var(--ls-hover))", TEXT),  # the fullest cells of a table
    (INK, "color-mix(in srgb, #d55e00 70%, var(--ls-hover))", TEXT),
    *((MUTED, ground, TEXT) for ground in (PAPER, SURFACE, HOVER)),
    (PAPER, ACCENT, TEXT),  # the word on the first button
    (PAPER, "color-mix(in srgb, var(--ls-accent) 86%, var(--ls-ink))", TEXT),
    *((ACCENT, ground, PART) for ground in (PAPER, SURFACE)),  # the focus, sliders, what is pressed
    *(("var(--ls-edge)", ground, PART) for ground in (PAPER, SURFACE)),  # fields and tracks
    *(("var(--ls-good)", ground, PART) for ground in (PAPER, SURFACE)),  # dots that tell a state
    *(("var(--ls-alarm)", ground, PART) for ground in (PAPER, SURFACE)),
)
ONLY_DECORATE = {"--ls-line", "--ls-strong-line"}
"""Rules between things, and the borders of buttons, which their words tell."""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]} on {pair[1]}")
def test_what_is_to_be_read_or_used_stands_out(theme: str, pair: tuple[str, str, float]) -> None:
    sheet = Sheet(theme)
    one, other, least = pair
    assert contrast(sheet.colour(one), sheet.colour(other)) >= least


def test_every_colour_of_the_style_sheet_is_measured() -> None:
    used = " ".join(part for one, other, _ in PAIRS for part in (one, other))
    own = {name for name in Sheet("light").variables if name.startswith("--ls-")}
    assert own - ONLY_DECORATE == {name for name in own if f"var({name})" in used}
    for theme in THEMES:  # mixtures written down where they are used
        mixtures = set(re.findall(r"(?:color|background): (color-mix\(.*\));", STYLE))
        written = {re.sub(r"calc\(([\d.]+) \* .*?\), var", lambda m: f"{float(m[1]):.0%}, var", m) for m in mixtures}
        assert written <= {part for one, other, _ in PAIRS for part in (one, other)}, theme


@pytest.mark.parametrize("theme", THEMES)
def test_the_app_s_own_theme_can_be_read(theme: str) -> None:
    own = CONFIG[theme]
    grounds = [own["backgroundColor"], own["secondaryBackgroundColor"], *own["sidebar"].values()]
    for name in ("textColor", "linkColor"):
        assert min(contrast(rgb(own[name]), rgb(ground)) for ground in grounds) >= TEXT
    for ground in map(rgb, grounds):  # captions
        assert contrast(0.6 * rgb(own["textColor"]) + 0.4 * ground, ground) >= TEXT
    assert contrast(rgb(own["codeTextColor"]), rgb(own["codeBackgroundColor"])) >= TEXT
    assert min(contrast(rgb(own["primaryColor"]), rgb(ground)) for ground in grounds) >= PART


@pytest.mark.parametrize("vision", VISIONS)
def test_classes_can_be_told_apart_with_any_colour_vision(vision: str) -> None:
    closest = min(apart(rgb(one), rgb(other), vision) for one, other in itertools.combinations(CLASS_COLOURS, 2))
    assert closest >= 15


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("pair", [DIVERGING, (TRAIN_COLOUR, VALIDATION_COLOUR), EDGES], ids="-".join)
def test_what_is_compared_most_is_far_apart(vision: str, pair: Sequence[str]) -> None:
    assert apart(rgb(pair[0]), rgb(pair[1]), vision) >= 30


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
def test_both_ends_of_the_diverging_scale_leave_the_paper_steadily(theme: str, vision: str) -> None:
    """A colour fades into the paper at zero: further from zero is further from the paper, on either side."""
    paper = rgb(CONFIG[theme]["backgroundColor"])
    shades = [[share * rgb(end) + (1 - share) * paper for share in np.linspace(0, 1, 11)] for end in DIVERGING]
    for side in shades:
        distances = [apart(shade, paper, vision) for shade in side]
        assert min(np.diff(distances)) > -JUST_NOTICED
        assert distances[-1] > 40
    for below, above in zip(*(side[5:] for side in shades), strict=True):
        assert apart(below, above, vision) >= 20


def test_the_browser_has_the_same_two_ends() -> None:
    ends = re.findall(r'const (?:BELOW|ABOVE) = "(\d+), (\d+), (\d+)"', COLOURS)
    assert tuple("#{:02X}{:02X}{:02X}".format(*map(int, end)) for end in ends) == DIVERGING


def test_the_measure_of_apartness_is_right() -> None:
    """Lindbloom's CIELAB of pure sRGB red and green (D65), and their distance."""
    np.testing.assert_allclose(seen(rgb("#ff0000"), "usual"), [53.2408, 80.0925, 67.2032], atol=0.05)
    np.testing.assert_allclose(seen(rgb("#00ff00"), "usual"), [87.7347, -86.1827, 83.1793], atol=0.05)
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)  # WCAG's well-known near miss
    for vision in VISIONS:  # grey is grey to everybody
        np.testing.assert_allclose(seen(rgb("#808080"), vision), [53.585, 0, 0], atol=0.1)
