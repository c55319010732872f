"""What was measured of some indexes: as a plot, as a table, and as files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.figures.indexes import Cost, weighing
from engine.words.indexes import told
from engine.words.indexes.front import front
from engine.words.space import Space
from pages.ui.corpus.plot import inked
from pages.ui.index_lab.asked import Against
from pages.ui.index_lab.slot import Desk
from pages.ui.words.taking import Picture, offer

COSTS: Mapping[Against, Cost] = {"time": "median_ms", "memory": "bytes", "building": "build_seconds"}
Finding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """Findings of ``engine.words.indexes.work.measure``, and whether they are all."""

    findings: tuple[Finding, ...]
    whole: bool

    @property
    def sizes(self) -> list[int]:
        """Return of how many words, the fewest first."""
        return sorted({one["n"] for one in self.findings})

    def of(self, n: int) -> list[Finding]:
        """Return what was measured of n words."""
        return [one for one in self.findings if one["n"] == n]


def measured(here: Desk, space: Space, found: Measured) -> None:
    """Show it, by what is chosen above it."""
    _choices(here, found)
    n = found.sizes[0 if here.asked.size == "part" else -1]
    shown = found.of(n)
    waiting = [] if found.whole else _waiting(found, shown)
    figure = weighing(shown, COSTS[here.asked.against], waiting)
    st.plotly_chart(inked(figure), alt=_alt(shown), config={"displayModeBar": False}, key="index.plot")
    st.caption(_about(space, shown, here.asked.against))
    with st.expander("All numbers", icon=":material/table:"):
        st.dataframe(table(shown), hide_index=True, key="index.numbers")
    if found.whole:
        title = f"Indexes of {n:,} words"
        offer(here, "words-indexes", [dict(one) for one in found.findings], picture=Picture(figure, title))


def table(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return all numbers of some findings, the quickest first."""
    quick, small = (front([one for one in findings if one["kind"] != "numpy"], cost) for cost in ("median_ms", "bytes"))
    return [
        {
            "Index": one["title"],
            "Setting": f"{one['knob']} {one['value']:,}" if one["knob"] else "–",
            "Recall@10": told.share(one["recall"]),
            "Median": told.milliseconds(one["median_ms"]),
            "95 of 100 below": told.milliseconds(one["p95_ms"]),
            "Memory": told.size(one["bytes"]),
            "Built in": told.seconds(one["build_seconds"]),
            "Nothing is better": ", ".join(
                name for name, best in (("in time", quick), ("in memory", small)) if any(one is other for other in best)
            ),
        }
        for one in sorted(findings, key=lambda one: one["median_ms"])
    ]


def _choices(here: Desk, found: Measured) -> None:
    names = ["against", *(["size"] if len(found.sizes) > 1 and found.whole else [])]
    here.take(*names)
    with st.container(horizontal=True):
        for name in names:
            with st.container(width=260):
                here.widget(name)


def _waiting(found: Measured, shown: Sequence[Finding]) -> list[Finding]:
    """Return what was measured of fewer words, and of these many not yet: so the plot grows, and nothing leaves it."""
    there = {(one["kind"], one["value"]) for one in shown}
    return [one for one in found.of(found.sizes[0]) if (one["kind"], one["value"]) not in there]


def _about(space: Space, shown: Sequence[Finding], against: Against) -> str:
    exact = next((one for one in shown if one["kind"] == "numpy"), shown[0])  # it is measured first
    line = {
        "time": f" Plain numpy, the dashed line, takes {told.milliseconds(exact['median_ms'])}.",
        "memory": f" Plain numpy, the dashed line, takes {told.size(exact['bytes'])}: the vectors themselves.",
        "building": " Plain numpy builds nothing.",
    }[against]
    return (
        f"Among {shown[0]['n']:,} words of {space.dimensions:,} numbers, on one thread.{line} The grey band is the "
        "Pareto front: nothing else finds as much for less."
    )


def _alt(shown: Sequence[Finding]) -> str:
    best = front(shown, "median_ms")
    points = "; ".join(
        f"{one['title']} {one['knob']} {one['value'] or ''}: {told.share(one['recall'])} in "
        f"{told.milliseconds(one['median_ms'])}"
        for one in best
    )
    return f"Recall of {len(shown)} measured indexes. The best: {points}. The table below has all numbers."
