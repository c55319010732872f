"""The figure of indexes shows each number where it is, joins the settings of one kind, and marks what is best."""

import math

import pytest

from engine.figures.indexes import AXES, FRONT, LOOKS, Cost, hover, weighing
from engine.words.indexes.front import front
from engine.words.indexes.spec import TITLES
from tests.engine.words.indexes.test_advice import finding

MEASURED = [
    finding("numpy", 0, 1_000, 1.0, 2.0, 4e6),
    finding("ivf", 16, 1_000, 0.9, 0.5, 5e6),
    finding("ivf", 1, 1_000, 0.42, 0.1, 5e6),
    finding("hnsw", 16, 1_000, 0.95, 0.4, 9e6),
    finding("pq", 0, 1_000, 0.6, 0.8, 1e6),
]


@pytest.mark.parametrize("cost", AXES)
def test_every_number_is_where_it_is(cost: Cost) -> None:
    drawn = weighing(MEASURED, cost)
    by_name = {trace["name"]: trace for trace in drawn["data"]}
    unit = AXES[cost][1]
    for kind in ("ivf", "hnsw", "pq"):
        ordered = sorted((one for one in MEASURED if one["kind"] == kind), key=lambda one: one["value"])
        trace = by_name[TITLES[kind]]
        assert trace["x"] == [one[cost] * unit for one in ordered]
        assert trace["y"] == [one["recall"] for one in ordered]
        assert trace["hovertext"] == [hover(one) for one in ordered]
        assert trace["mode"] == "lines+markers"
    if cost == "build_seconds":
        assert TITLES["numpy"] not in by_name
    else:
        assert set(by_name[TITLES["numpy"]]["x"]) == {MEASURED[0][cost] * unit}
    best = front(MEASURED[1:], cost)
    assert by_name[FRONT]["x"] == [one[cost] * unit for one in best]
    assert by_name[FRONT]["y"] == [one["recall"] for one in best]
    left, right = drawn["layout"]["xaxis"]["range"]
    assert drawn["layout"]["xaxis"]["type"] == "log"
    values = [math.log10(one[cost] * unit) for one in MEASURED[cost == "build_seconds" :]]
    assert left < min(values) <= max(values) < right
    assert drawn["layout"]["yaxis"]["range"] == [0.3, 1.03]


def test_what_is_best_in_time_is_known_by_hand() -> None:
    drawn = weighing(MEASURED, "median_ms")
    assert drawn["data"][0]["x"] == [0.1, 0.4]


def test_those_whose_turn_is_to_come_are_faint_and_none_of_the_best() -> None:
    drawn = weighing(MEASURED[:1], "median_ms", [finding("hnsw", 16, 250, 0.97, 0.2, 2e6)])
    (faint,) = [trace for trace in drawn["data"] if trace["name"] == TITLES["hnsw"]]
    assert (faint["opacity"], faint["showlegend"], faint["x"]) == (0.3, False, [0.2])
    assert drawn["data"][0]["x"] == []


def test_of_numpy_alone_there_is_nothing_to_build() -> None:
    (front_of_none,) = weighing(MEASURED[:1], "build_seconds")["data"]
    assert front_of_none["x"] == []


def test_hovering_tells_all_numbers() -> None:
    assert hover(finding("ivf", 16, 1_000, 0.9, 0.5, 5e6)) == (
        "<b>Ivf</b><br>knob 16<br>finds 90.0% of the 10 nearest among 1,000<br>0.5 ms, 95 of 100 below 1 ms"
        "<br>5 MB, built in 8.33 minutes"
    )


def test_kinds_can_be_told_apart_without_colours() -> None:
    assert set(LOOKS) == set(TITLES)
    assert len({(look.symbol, look.dash) for look in LOOKS.values()}) == len(LOOKS)
