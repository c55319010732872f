"""Figures of compared spaces: each mark where its number says, and words shown letter by letter."""

import pytest
from plotly import graph_objects

from engine.figures.spaces import Dots, Line, Steps, dots, histogram, lines, overlaid, steps

HOSTILE = '<a href="javascript:x">b</a>&amp;$x$'
SHOWN = "&lt;a href="


def drawn(figure: dict) -> list[dict]:
    """Return the traces of a figure that Plotly itself takes."""
    return [trace.to_plotly_json() for trace in graph_objects.Figure(data=figure["data"], layout=figure["layout"]).data]


def test_bars_stand_where_their_steps_are_and_lines_where_the_marks_are() -> None:
    figure = histogram([0, 3, 5], 0, 1, "common", ["none", "one", "two"], (("mean", 1.5), ("chance", 0.25)))
    bars, mean, chance = drawn(figure)
    assert (list(bars["x"]), list(bars["y"]), list(bars["hovertext"])) == ([0, 1, 2], [0, 3, 5], ["none", "one", "two"])
    assert (list(mean["x"]), mean["name"]) == ([1.5, 1.5], "mean")
    assert (list(chance["x"]), chance["name"]) == ([0.25, 0.25], "chance")
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 0.25
    assert high == 2.5
    assert chance["line"]["color"] != mean["line"]["color"]


def test_empty_steps_at_the_lower_end_are_left_out_but_no_mark() -> None:
    counts = [0] * 8 + [2, 1]
    told = ["x"] * 10
    assert histogram(counts, -0.9, 0.2, "cosine", told)["layout"]["xaxis"]["range"] == pytest.approx([0.5, 1.0])
    with_mark = histogram(counts, -0.9, 0.2, "cosine", told, (("low", -0.5),))
    assert with_mark["layout"]["xaxis"]["range"][0] == pytest.approx(-0.7)
    assert histogram([0, 0], 0, 1, "none", ["a", "b"])["layout"]["xaxis"]["range"] == [-1, 1.5]


def test_each_space_has_its_own_dot_in_each_row_with_its_interval() -> None:
    spaces = (
        Dots("A", [0.5, None], [(0.4, 0.7), (None, None)], [0.1, 0.2]),
        Dots("B", [0.6, 0.9], [(0.5, 0.65), (0.8, 1.0)]),
    )
    figure = dots(["first", HOSTILE], spaces, "share", (0, 1))
    a, chance, b = drawn(figure)
    assert list(a["x"]) == [0.5, None]
    assert [round(y) for y in a["y"]] == [round(y) for y in b["y"]] == [0, -1]
    assert a["y"][0] > b["y"][0]
    assert (a["error_x"]["array"][0], a["error_x"]["arrayminus"][0]) == pytest.approx((0.2, 0.1))
    assert list(b["error_x"]["array"]) == pytest.approx([0.05, 0.1])
    assert list(chance["x"]) == [0.1, 0.2]
    assert chance["marker"]["symbol"] == "circle-open"
    assert (a["marker"]["symbol"], a["marker"]["color"]) != (b["marker"]["symbol"], b["marker"]["color"])
    assert figure["layout"]["yaxis"]["ticktext"][1].startswith(SHOWN)
    assert a["hovertext"][0] == "first: 0.500 (0.400 to 0.700)"
    assert a["hovertext"][1] == ""


def test_lines_go_through_their_numbers() -> None:
    a, b = drawn(
        figure := lines((Line("A", [2, 5], [0.1, 0.3], [(0, 0.2), (0.2, 0.6)]), Line("B", [2], [0.4])), "d", "y")
    )
    assert (list(a["x"]), list(a["y"]), list(b["y"])) == ([2, 5], [0.1, 0.3], [0.4])
    assert list(a["error_y"]["array"]) == pytest.approx([0.1, 0.3])
    assert a["line"]["dash"] != b["line"]["dash"]
    assert figure["layout"]["xaxis"].get("type") is None
    ratios = lines((Line("A", [2, 5], [0.1, 0.3]),), "d", "y", ticks=[2, 5])
    assert (ratios["layout"]["xaxis"]["type"], ratios["layout"]["xaxis"]["ticktext"]) == ("log", ["2", "5"])
    assert lines((Line("A", [1], [0.1]),), "d", "y", log=True)["layout"]["yaxis"]["type"] == "log"


def test_steps_lie_at_their_angle_as_far_out_as_they_are_long() -> None:
    figure = steps((Steps("A", [("dog", "dogs"), (HOSTILE, "b")], [30.0, 100.0], [0.5, 1.2]),))
    (only,) = drawn(figure)
    assert (list(only["theta"]), list(only["r"])) == ([30.0, 100.0], [0.5, 1.2])
    assert only["hovertext"][0] == "dog → dogs: 30°, length 0.50"
    assert only["hovertext"][1].startswith(SHOWN)
    assert figure["layout"]["polar"]["sector"] == [0, 180]
    assert figure["layout"]["polar"]["radialaxis"]["range"][1] > 1.2


def test_an_arrow_leads_from_each_word_in_the_first_space_to_it_in_the_second() -> None:
    figure = overlaid(["dog", HOSTILE], [[0, 0.2], [1, 1]], [[0.5, 0], [1, -1]], ("A", "C"), (0, 2))
    first, second = drawn(figure)
    assert list(zip(first["x"], first["y"], strict=True)) == [(0, 0.2), (1, 1)]
    assert list(zip(second["x"], second["y"], strict=True)) == [(0.5, 0), (1, -1)]
    assert [(one["ax"], one["ay"], one["x"], one["y"]) for one in figure["layout"]["annotations"]] == [
        (0, 0.2, 0.5, 0),
        (1, 1, 1, -1),
    ]
    assert second["text"][0] == "dog"
    assert all("<" not in text for text in (*second["text"], *second["hovertext"]))
    assert second["marker"]["symbol"] == "square"
    assert figure["layout"]["yaxis"]["scaleanchor"] == "x"
