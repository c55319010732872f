"""Panels of several runs, made of those of one."""

import itertools
from dataclasses import replace

import pytest
from plotly import graph_objects

from engine.figures.comparison import over_seeds, side_by_side
from engine.figures.panel import DrawPanel, PairPanel, PlotPanel, TypePanel
from engine.labs.catalogue import LABS
from engine.labs.playground import PlaygroundSpec, panels

CURVES = ("loss", "score", "update-ratio", "units", "rate")


@pytest.mark.parametrize("lab", LABS.values(), ids=lambda lab: lab.name)
def test_every_panel_of_a_lab_shows_two_runs(lab):
    alone = lab.panels(lab.spec())
    both = side_by_side(alone)
    assert [panel.id for panel in both] == [panel.id for panel in alone]
    ends = list(itertools.accumulate((panel.width for panel in both), lambda at, width: at % 12 + width))
    assert max(ends) == 12 == ends[-1]
    for one, panel in zip(alone, both, strict=True):
        if isinstance(panel, DrawPanel | TypePanel):
            assert panel == replace(one, width=12), "one easel, or one field, for both"
        elif isinstance(panel, PairPanel):
            assert panel.to_json()["kind"] == "pair"
            assert panel.to_json()["panel"] == one.to_json()
        else:
            assert isinstance(panel, PlotPanel)
            graph_objects.Figure(panel.figure)
            count = len(panel.bindings) // 2
            first, second = panel.bindings[:count], panel.bindings[count:]
            assert [bind.array for bind in first] == [bind.array for bind in second]
            assert ({bind.run for bind in first}, {bind.run for bind in second}) == ({0}, {1})


def lines(panel: PlotPanel) -> dict[str, tuple[str, str]]:
    """Return colour and dash of each curve by its name."""
    return {t["name"]: (t["line"]["color"], t["line"].get("dash", "solid")) for t in panel.figure["data"]}


def test_curves_of_two_runs_have_one_colour_and_the_second_is_dashed():
    both = {panel.id: panel for panel in side_by_side(panels(PlaygroundSpec()))}
    assert {name for name, panel in both.items() if isinstance(panel, PlotPanel)} == set(CURVES)
    loss = lines(both["loss"])
    assert len(set(loss.values())) == 6
    for name in ("training", "validation", "batches"):
        assert loss[f"{name} A"] == (loss[f"{name} B"][0], "solid")
        assert loss[f"{name} B"][1] == "dash"
    # Where dashes tell dead from saturated units, those of the second run differ from both.
    units = lines(both["units"])
    assert [units[f"{kind} layer 1 {run}"][1] for run in "AB" for kind in ("dead", "saturated")] == [
        "solid", "dot", "dash", "dashdot",
    ]  # fmt: skip
    assert len(set(units.values())) == len(units)


def test_loss_and_score_have_a_band_over_seeds_and_the_rest_stays_as_it_is():
    alone = panels(PlaygroundSpec())
    for one, panel in zip(alone, over_seeds(alone), strict=True):
        if one.id not in ("loss", "score"):
            assert panel == one
            continue
        assert isinstance(one, PlotPanel)
        assert isinstance(panel, PlotPanel)
        graph_objects.Figure(panel.figure)
        assert panel.bindings[: len(one.bindings)] == one.bindings
        bands = panel.bindings[len(one.bindings) :]
        assert [(bind.array, bind.share) for bind in bands] == [
            (name, share) for name in one.spread for share in (0.25, 0.75, 0.5)
        ]
        for lower, upper, median in zip(*[iter(bands)] * 3, strict=True):
            traces = panel.figure["data"]
            assert traces[upper.trace]["fill"] == "tonexty"
            assert upper.trace == lower.trace + 1, "a band is filled down to the trace before it"
            assert traces[median.trace]["name"].endswith("median")
