"""Accuracy by the number of examples: what is drawn are the means and all seeds, told apart without colour."""

import math
from statistics import mean

import pytest

from engine.figures.style import CLASS_COLOURS
from engine.figures.transfer import Scores, transfer_figure

WAYS = {"frozen": "Held still", "free": "Free", "scratch": "From scratch"}
FOUND = [
    Scores(756, {"frozen": [0.9, 1.0], "free": [0.95, 0.97], "scratch": [0.96, 0.98]}),
    Scores(10, {"frozen": [0.6, 0.62], "free": [0.61, 0.47], "scratch": [0.5, 0.52]}),
]


def test_means_are_lines_and_every_seed_is_a_point() -> None:
    drawn = transfer_figure(FOUND, WAYS)
    lines = {trace["name"]: trace for trace in drawn["data"] if "lines" in trace["mode"]}
    points = {trace["name"]: trace for trace in drawn["data"] if trace["mode"] == "markers"}
    assert list(lines) == list(WAYS.values())
    for way, title in WAYS.items():
        assert lines[title]["x"] == [10, 756]
        assert lines[title]["y"] == pytest.approx([mean(FOUND[1].by_way[way]), mean(FOUND[0].by_way[way])])
        seeds = points[f"{title}, each seed"]
        assert seeds["y"] == [*FOUND[1].by_way[way], *FOUND[0].by_way[way]]
        aside = [x / near for x, near in zip(seeds["x"], [10, 10, 756, 756], strict=True)]
        assert max(aside) == pytest.approx(min(aside))
        assert 0.9 < min(aside) < 1.1
    assert lines["Free"]["hovertext"][0] == "<b>Free</b><br>10 examples<br>54.0% on average, 47.0% to 61.0%"


def test_ways_differ_in_colour_in_symbol_and_in_dash() -> None:
    lines = [trace for trace in transfer_figure(FOUND, WAYS)["data"] if "lines" in trace["mode"]]
    for looks in (
        {line["line"]["color"] for line in lines},
        {line["marker"]["symbol"] for line in lines},
        {line["line"]["dash"] for line in lines},
    ):
        assert len(looks) == 3
    assert {line["line"]["color"] for line in lines} <= set(CLASS_COLOURS)


def test_the_axis_has_room_for_what_is_still_to_come() -> None:
    axis = transfer_figure(FOUND[1:], WAYS, [10, 20, 200])["layout"]["xaxis"]
    assert axis["tickvals"] == [10, 20, 200]
    low, high = axis["range"]
    assert low < math.log10(10) < math.log10(200) < high
    assert axis["type"] == "log"
    low, high = transfer_figure(FOUND, WAYS)["layout"]["yaxis"]["range"]
    assert low < 0.47 < 1 < high
    assert transfer_figure([], WAYS)["layout"]["yaxis"]["range"][0] == 0
