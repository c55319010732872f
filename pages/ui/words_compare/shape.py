"""Shape: how the words of each space spread, and how much of a score is left in fewer dimensions."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import streamlit as st

from engine.figures.spaces import Line, lines
from engine.words.compare.work import order
from engine.words.scoring import has_judged_pairs
from pages.ui.notes import READABLE
from pages.ui.words.suites import SUITES, choose_suite, offered
from pages.ui.words_compare.chart import chart, numbers, share, signed
from pages.ui.words_compare.comparing import compared
from pages.ui.words_compare.slot import Desk
from pages.ui.words_compare.spaces import Opened, folders

MOST = 0.9
VIEWS = {"spread": "Spread", "dimensions": "Dimensions and score"}


def shape(here: Desk, spaces: Sequence[Opened]) -> None:
    """Show the section."""
    key = here.key("view")
    st.session_state.setdefault(key, here.asked.view)
    begin = st.session_state[key]
    st.segmented_control(
        "View",
        list(VIEWS),
        default=begin,
        format_func=VIEWS.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    here.change(view=st.session_state[key])
    (_spread if here.asked.view == "spread" else _dimensions)(here, spaces)


def _spread(here: Desk, spaces: Sequence[Opened]) -> None:
    asked = here.take("lengths", "restrict")
    with st.popover("How", icon=":material/tune:"):
        here.widget("lengths")
        here.widget("restrict")
    wanted = order("shape", folders(spaces), restrict=asked.restrict, unit=not asked.lengths)
    result = compared(here, wanted, "Looking how words spread")
    if result is not None:
        _show_spread(here, spaces, result["spaces"])


def _show_spread(here: Desk, spaces: Sequence[Opened], told: Sequence[Mapping[str, Any]]) -> None:
    held = [list(accumulate(one["shares"])) for one in told]
    measures = ["Effective dimensions", f"Components for {MOST:.0%}", "Mean cosine", "Isotropy"]
    columns = {
        one.letter: [
            f"{found['participation']:.1f} of {len(found['shares']):,}",
            f"{_components(some):,}",
            signed(found["cosine"], 3),
            signed(found["isotropy"], 3),
        ]
        for one, found, some in zip(spaces, told, held, strict=True)
    }
    st.table({"Measure": measures} | columns, border="horizontal")
    st.markdown(
        "**Effective dimensions**: so many there would be if all held the same variance (participation ratio). **Mean "
        "cosine** of two words: 0 where they point in all directions alike; far above it they lie in a cone. "
        "**Isotropy** of Mu and Viswanath: 1 where no direction is preferred, 0 where one outweighs all.",
        width=READABLE,
    )
    left, right = st.columns(2)
    with left:
        together = lines(
            [Line(one.name, range(1, len(some) + 1), some) for one, some in zip(spaces, held, strict=True)],
            "first components",
            "share of the variance",
        )
        summary = ", ".join(f"{one.name} {_components(some)}" for one, some in zip(spaces, held, strict=True))
        chart(together, f"Variance held by the first components; {MOST:.0%} takes: {summary}.", "held")
    with right:
        each = lines(
            [
                Line(one.name, range(1, len(found["shares"]) + 1), [value or None for value in found["shares"]])
                for one, found in zip(spaces, told, strict=True)
            ],
            "component",
            "share of the variance",
            log=True,
        )
        summary = ", ".join(f"{one.name} {share(found['shares'][0])}" for one, found in zip(spaces, told, strict=True))
        chart(each, f"Variance held by each component; the first holds: {summary}.", "spectrum")
    longest = max(map(len, held))
    rows = [
        {"component": place + 1}
        | {
            f"{one.letter} share": found["shares"][place] if place < len(found["shares"]) else None
            for one, found in zip(spaces, told, strict=True)
        }
        for place in range(longest)
    ]
    numbers(here, "spectrum", rows, each, "Share of the variance by component")


def _components(held: Sequence[float]) -> int:
    """Return how many of the first components hold ``MOST`` of the variance."""
    return next((count for count, some in enumerate(held, 1) if some >= MOST - 1e-12), len(held))


def _dimensions(here: Desk, spaces: Sequence[Opened]) -> None:
    suite = choose_suite(here, offered([one.space for one in spaces]))
    st.markdown(
        "Each space is cut down to its first principal components, through the origin, and asked again.", width=READABLE
    )
    wanted = order("suites_work:by_dimension", folders(spaces), suite=suite)
    result = compared(here, wanted, f"Asking {SUITES[suite]}")
    if result is None:
        return
    told = result["spaces"]
    if not any(one["asked"] for some in told for one in some):
        st.info("None of these spaces knows enough words of this suite to be asked.", icon=":material/info:")
        return
    measure = "Spearman's correlation" if has_judged_pairs(suite) else "share of right answers"
    ticks = sorted({one["dimensions"] for some in told for one in some})
    figure = lines(
        [
            Line(
                one.name,
                [found["dimensions"] for found in some],
                [found["score"] for found in some],
                [tuple(found["interval"]) for found in some],
            )
            for one, some in zip(spaces, told, strict=True)
        ],
        "dimensions",
        measure,
        ticks=ticks,
    )
    summary = "; ".join(
        f"{one.name} "
        + ", ".join(f"{found['score']:.2f} in {found['dimensions']}" for found in some if found["score"] is not None)
        for one, some in zip(spaces, told, strict=True)
    )
    chart(figure, f"{SUITES[suite]} by dimensions: {summary}.", "dimensions")
    st.caption("Bars are 95% intervals.")
    rows = [
        {"space": one.name, "dimensions": found["dimensions"], measure: found["score"], "asked": found["asked"]}
        for one, some in zip(spaces, told, strict=True)
        for found in some
    ]
    numbers(here, "dimensions", rows, figure, f"{SUITES[suite]} by dimensions")
