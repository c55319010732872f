"""Words beside the points of a plot: none over another, the first in any case, and none that jumps about."""

from itertools import combinations
from typing import Any

import numpy as np

from tests.pages.live_panel.conftest import Screen

PLACE = """async ([frames, plot]) => {
    const { PlotLabels } = await import("/live/assets/test/plotlabels.js");
    const labels = new PlotLabels({ of: (word) => 7 * word.length });
    return frames.map((spots) => labels.place(spots, plot));
}"""
PLOT = {"width": 300, "height": 300, "font": "12px sans-serif"}


def placed(screen: Screen, *frames: np.ndarray) -> list[dict[str, list[str]]]:
    """Return what is written in frames of points (n, 2), the words by their numbers."""
    screen.load()
    spots = [[{"word": f"word{at}", "x": x, "y": y} for at, (x, y) in enumerate(frame.tolist())] for frame in frames]
    return screen.page.evaluate(PLACE, [spots, PLOT])


def boxes(written: dict[str, list[str]], points: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Return where words stand that are written, as Plotly would write them: left, top, right, bottom."""
    found = []
    for text, side, (x, y) in zip(written["text"], written["textposition"], points.tolist(), strict=True):
        up, across = side.split()
        wide = 7 * len(text)
        left = {"left": x - 5 - wide, "center": x - wide / 2, "right": x + 5}[across]
        top = {"top": y - 20, "middle": y - 8, "bottom": y + 2}[up]
        found += [(left, top, left + wide, top + 16)] if text else []
    return found


def cover(one: Any, other: Any) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_no_word_is_written_over_another_and_the_first_is_written(screen: Screen) -> None:
    for seed, spread in ((0, 100), (1, 30), (2, 3)):
        points = np.random.default_rng(seed).normal(150, spread, (40, 2)).clip(60, 240)
        (written,) = placed(screen, points)
        found = boxes(written, points)
        assert not [pair for pair in combinations(found, 2) if cover(*pair)]
        assert written["text"][0] == "word0"
        assert len(found) >= 2
        assert all(left >= 0 and top >= 0 and right <= 300 and bottom <= 300 for left, top, right, bottom in found)


def test_words_that_lie_alone_are_all_written_above_their_points(screen: Screen) -> None:
    points = np.array([[60, 50], [60, 150], [200, 50], [200, 150]])
    (written,) = placed(screen, points)
    assert written["text"] == [f"word{at}" for at in range(4)]
    assert set(written["textposition"]) == {"top center"}


def test_a_word_keeps_its_side_while_it_has_room_there(screen: Screen) -> None:
    near, apart = np.array([[100, 100], [102, 99]]), np.array([[100, 100], [220, 99]])
    first, after = placed(screen, near, apart)
    assert first["textposition"][1] != "top center"
    assert after["textposition"] == first["textposition"]
    assert "" not in first["text"] + after["text"]
