"""Panels of several runs at once, made of those of one: any lab has them by having panels."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.figures.gradients import MAP
from engine.figures.panel import (
    ROW,
    Bind,
    DrawPanel,
    PairPanel,
    Panel,
    PlotPanel,
    TensorPanel,
    TypePanel,
    fill_rows,
)
from engine.figures.style import transparent

DASHED = {"solid": "dash", "dot": "dashdot"}
"""The line of the second run where that of the first is such; in a figure where dashes already tell curves apart."""

SPREAD_HELP = (
    "Thin: the seed shown. Thick: the median over all seeds; shaded: between their quartiles, as far as all have come. "
    "Between two steps that were measured, a curve is taken as a straight line."
)


def side_by_side(panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """Return the panels of two runs, A and B: curves over steps in one figure, what a person draws or types once for
    both nets, everything else beside each other.
    """
    return fill_rows([_for_two(panel) for panel in panels])


def over_seeds(panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """Return the panels of one of several runs that differ by chance alone: with the spread of what they name."""
    return tuple(_spread(panel) if isinstance(panel, PlotPanel) and panel.spread else panel for panel in panels)


def tensors_shown(panels: Sequence[Panel]) -> tuple[str, ...]:
    """Return the names of the net's tensors whose gradients ``panels`` show, first to last."""
    return tuple(
        tensor for panel in panels if isinstance(panel, TensorPanel) and panel.array == MAP for tensor in panel.tensors
    )


def _for_two(panel: Panel) -> Panel:
    if isinstance(panel, DrawPanel | TypePanel):
        return panel
    return _overlaid(panel) if _is_curves(panel) else _paired(panel)


def _is_curves(panel: Panel) -> bool:
    return isinstance(panel, PlotPanel) and all(bind.mode == "series" for bind in panel.bindings)


def _paired(panel: Panel) -> PairPanel:
    return PairPanel(panel.id, panel.title, ROW, panel.height, panel.help, f"{panel.alt} Of two runs.", panel)


def _overlaid(panel: Panel) -> Panel:
    if not isinstance(panel, PlotPanel):
        return panel
    traces = list(panel.figure["data"])
    told_by_colour = len({trace["line"]["color"] for trace in traces}) == len(traces)
    first = [_line(trace, "A", _dash(trace, "solid" if told_by_colour else None)) for trace in traces]
    second = [_line(trace, "B", DASHED.get(_dash(one, None), "dash")) for trace, one in zip(traces, first, strict=True)]
    binds = tuple(replace(bind, trace=bind.trace + len(traces), run=1) for bind in panel.bindings)
    figure = {**panel.figure, "data": [*first, *second]}
    return replace(panel, figure=figure, bindings=(*panel.bindings, *binds))


def _dash(trace: dict[str, Any], instead: str | None) -> str:
    return instead or trace["line"].get("dash", "solid")


def _line(trace: dict[str, Any], run: str, dash: str) -> dict[str, Any]:
    return {**trace, "name": f"{trace['name']} {run}", "line": {**trace["line"], "dash": dash}}


def _spread(panel: PlotPanel) -> Panel:
    traces = [_faint(trace) for trace in panel.figure["data"]]
    binds = list(panel.bindings)
    for bind in panel.bindings:
        if bind.array not in panel.spread:
            continue
        trace = traces[bind.trace]
        for share, look in zip((0.25, 0.75, 0.5), _band(trace), strict=True):
            binds.append(Bind(len(traces), "y", bind.array, "spread", bind.scale, share=share))
            traces.append(look)
    figure = {**panel.figure, "data": traces}
    return replace(panel, figure=figure, bindings=tuple(binds), help=f"{panel.help} {SPREAD_HELP}")


def _faint(trace: dict[str, Any]) -> dict[str, Any]:
    return {**trace, "line": {**trace["line"], "width": 1}, "opacity": 0.7}


def _band(trace: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lower edge of the band, its upper edge with all between the two, and the median."""
    colour = trace["line"]["color"]
    edge = {**trace, "showlegend": False, "hoverinfo": "skip", "line": {"color": colour, "width": 0}}
    filled = {**edge, "fill": "tonexty", "fillcolor": transparent(colour, 0.2)}
    median = {**trace, "name": f"{trace['name']}, median", "opacity": 1, "line": {**trace["line"], "width": 3}}
    return [edge, filled, median]
