"""Figures of the words lab: each mark where its number says, and words shown letter by letter."""

from itertools import combinations

import numpy as np
import pytest
from plotly import graph_objects

from engine.figures.analogy import FAINTEST, LARGEST, SMALLEST, analogy_figure
from engine.figures.axes import PIXELS, SIZE, one_axis, two_axes
from engine.figures.labels import label_box, meet, point_box
from engine.figures.style import written
from engine.words.parallelogram import Corner, Parallelogram

HOSTILE = '<a href="javascript:x">b</a>&amp;$x$'
CORNERS = (
    Corner("man", "a", 0.0, 0.0, 0.0),
    Corner("woman", "b", 0.5, 0.0, 0.0),
    Corner("king", "c", 0.1, 0.9, 0.0),
    Corner("", "target", 0.6, 0.9, 0.0),
    Corner("queen", "answer", 0.5, 0.7, 0.25),
    Corner("prince", "other", 0.2, 0.3, 0.5),
    Corner("princess", "other", 0.21, 0.31, 1.0),
)
FOUND = Parallelogram(CORNERS, 20.0, 1.1, 2)


def points(figure: dict) -> dict[tuple[float, float], tuple[str, float, float, str]]:
    """Return the points of a figure: label, size, opacity and hover by place."""
    return {
        (x, y): (text, size, opacity, hover)
        for trace in figure["data"]
        if "marker" in trace
        for x, y, text, size, opacity, hover in zip(
            trace["x"],
            trace["y"],
            trace["text"],
            trace["marker"]["size"],
            trace["marker"]["opacity"],
            trace["hovertext"],
            strict=True,
        )
    }


def test_every_corner_is_a_point_at_its_place_the_fainter_the_farther_outside():
    shown = points(analogy_figure(FOUND))
    assert set(shown) == {(corner.x, corner.y) for corner in CORNERS}
    assert shown[0.1, 0.9] == ("king", LARGEST, 1.0, "king: in the plane")
    label, size, opacity, hover = shown[0.5, 0.7]
    assert (label, hover) == ("queen", "queen: 0.250 outside of the plane")
    assert size == pytest.approx(SMALLEST + 0.75 * (LARGEST - SMALLEST))
    assert opacity == pytest.approx(FAINTEST + 0.75 * (1 - FAINTEST))
    assert shown[0.21, 0.31][1:3] == (SMALLEST, FAINTEST)
    assert shown[0.6, 0.9][3].startswith("where the answer of a perfect parallelogram")


def test_arrows_go_from_a_to_b_and_from_c_to_the_answer():
    arrows = analogy_figure(FOUND)["layout"]["annotations"]
    assert [(one["ax"], one["ay"], one["x"], one["y"]) for one in arrows] == [(0, 0, 0.5, 0), (0.1, 0.9, 0.5, 0.7)]
    assert all(one["axref"] == one["xref"] == "x" and one["ayref"] == one["yref"] == "y" for one in arrows)


def test_angles_look_as_they_are_and_nothing_is_cut_off():
    layout = analogy_figure(FOUND)["layout"]
    assert layout["yaxis"]["scaleanchor"] == "x"
    low, high = layout["xaxis"]["range"]
    assert low < 0
    assert high > 0.6


def sides(figure: dict) -> dict[str, str]:
    """Return at which side of its point each label stands."""
    traces = [trace for trace in figure["data"] if "marker" in trace]
    pairs = [pair for trace in traces for pair in zip(trace["text"], trace["textposition"], strict=True)]
    return {text: side for text, side in pairs if text}


def test_labels_do_not_lie_on_points_or_on_each_other():
    found = sides(analogy_figure(FOUND))
    assert found["man"] == found["woman"] == "bottom center"
    assert found["king"] == found["queen"] == "top center"
    # Two points that nearly touch have their labels at sides that are free, if there is one.
    assert found["prince"] in ("middle left", "bottom center")
    apart = Parallelogram((*CORNERS[:6], Corner("princess", "other", 0.4, 0.5, 1.0)), 20.0, 1.1, 2)
    found = sides(analogy_figure(apart))
    assert found["prince"] == found["princess"] == "top center"
    # Amid many there is none, and hovering tells the word.
    crowd = [Corner(f"w{n}", "other", 0.3 + 0.03 * (n % 5), 0.4 + 0.03 * (n // 5), 0.5) for n in range(25)]
    figure = analogy_figure(Parallelogram((*CORNERS[:5], *crowd), 20.0, 1.1, 2))
    assert "w12" not in sides(figure)
    assert points(figure)[crowd[12].x, crowd[12].y][3].startswith("w12: 0.5")


def test_words_at_one_place_make_a_figure_too():
    same = Parallelogram(tuple(Corner(c.word, c.role, 0.0, 0.0, 0.0) for c in CORNERS), None, None, 0)
    low, high = analogy_figure(same)["layout"]["xaxis"]["range"]
    assert low < 0 < high


@pytest.mark.parametrize(
    "figure",
    [
        analogy_figure(Parallelogram(tuple(Corner(HOSTILE, c.role, c.x, c.y, 0.5) for c in CORNERS), 1.0, 1.0, 2)),
    ],
)
def test_figures_are_valid_to_plotly_and_words_are_no_markup(figure: dict):
    text = graph_objects.Figure(figure).to_json()
    assert "\\u003ca" not in text
    assert "<a" not in text
    assert "$x$" not in text


def test_what_is_written_is_read_letter_by_letter():
    assert written("a<b>&c") == "a&lt;b&gt;&amp;c"
    assert written("a\n\tb\x00c") == "a b c"
    assert written("$x$") == "&#36;x&#36;"
    assert written("w" * 50, 10) == "w" * 9 + "…"


def many(count: int) -> tuple[list[str], list[float], list[float]]:
    """Return words with places that crowd in the middle."""
    random = np.random.default_rng(3)
    words = [f"word{number}" * (1 + number % 3) for number in range(count)]
    return words, random.normal(0, 0.1, count).tolist(), random.normal(0.2, 0.3, count).tolist()


def boxes(figure: dict, words: list[str]) -> tuple[list, list]:
    """Return the room that points and labels take, as a telephone shows the figure."""
    (trace,) = figure["data"]
    units = [
        (ends[1] - ends[0]) / pixels
        for ends, pixels in zip((figure["layout"][axis]["range"] for axis in ("xaxis", "yaxis")), PIXELS, strict=True)
    ]
    if not figure["layout"]["yaxis"].get("visible", True):
        units[1] = 1 / 24
    spots = list(zip(trace["x"], trace["y"], words, trace["text"], trace["textposition"], strict=True))
    points = [point_box(x, y, tuple(units), SIZE) for x, y, *_ in spots]
    return points, [label_box(x, y, word, tuple(units), SIZE, side) for x, y, word, text, side in spots if text]


@pytest.mark.parametrize("count", [1, 2, 12, 60])
def test_words_on_one_axis_lie_where_their_number_says_and_hide_none(count):
    words, places, _ = many(count)
    figure = one_axis(words, places, ("he", "she"))
    (trace,) = figure["data"]
    assert trace["x"] == places
    assert trace["hovertext"] == [f"{word}: {place:.3f}" for word, place in zip(words, places, strict=True)]
    _, labels = boxes(figure, words)
    assert len(labels) >= min(count, 20)
    assert not any(meet(one, other) for one, other in combinations(labels, 2))
    assert figure["layout"]["xaxis"]["title"]["text"] == "← she   ·   he →"
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < min(places) <= max(places) < high
    assert figure["layout"]["height"] > 24 * len(set(trace["y"]))
    assert graph_objects.Figure(figure)


@pytest.mark.parametrize("count", [1, 2, 12, 60])
def test_words_between_two_axes_lie_where_their_numbers_say_and_hide_none(count):
    words, across, up = many(count)
    figure = two_axes(words, across, up, ("he", "she"), ("rich", "poor"))
    (trace,) = figure["data"]
    assert (trace["x"], trace["y"]) == (across, up)
    points, labels = boxes(figure, words)
    assert len(labels) >= min(count, 10)
    assert not any(meet(one, other) for one, other in combinations(labels, 2))
    assert not any(meet(label, point) for label in labels for point in points)
    assert trace["hovertext"][0] == f"{words[0]}: {across[0]:.3f} across, {up[0]:.3f} up"
    assert figure["layout"]["yaxis"]["title"]["text"] == "← poor   ·   rich →"
    assert graph_objects.Figure(figure)


def test_words_on_axes_are_shown_letter_by_letter():
    strip = one_axis([HOSTILE], [0.1], (HOSTILE, "x"))
    for figure in (strip, two_axes([HOSTILE], [0.1], [0.2], ("x", HOSTILE), (HOSTILE, "b"))):
        (trace,) = figure["data"]
        assert trace["text"] == [written(HOSTILE)]
        assert "<a" not in str(figure)
        assert "$" not in str(figure)
