"""Which index to take for so many vectors: what follows from what was measured, why, and how far it can be trusted."""

from collections.abc import Sequence

import streamlit as st

from engine.errors import DataError
from engine.words.indexes import Expected, advice, told
from engine.words.indexes.advice import expected
from pages.ui.index_lab.measured import Measured
from pages.ui.index_lab.slot import Desk
from pages.ui.notes import READABLE
from pages.ui.text import plain

FIELDS = ("vectors", "least", "memory")
EXACT = ("numpy", "flat")


def advising(here: Desk, found: Measured) -> None:
    """Show the section."""
    st.subheader("Which index to take", anchor="advice")
    before = here.asked
    here.take(*FIELDS)
    if here.asked != before:
        here.notice = ""
    for place, name in zip(st.columns(3), FIELDS, strict=True):
        with place:
            here.widget(name)
    asked = here.asked
    n, most = asked.vectors or found.sizes[-1], 1e6 * asked.memory if asked.memory else None
    try:
        fitting, of = advice(found.findings, n, asked.least, most), expected(found.findings, n)
    except DataError as error:
        st.info(plain(str(error), 400), icon=":material/info:")
        return
    st.markdown(_nothing(of, n, asked.least, most) if not fitting else _advice(fitting, of, n), width=READABLE)
    st.markdown(basis(found.sizes, n), width=READABLE)
    if fitting:
        with st.expander("All that fits, the quickest first", icon=":material/table:"):
            st.dataframe([_row(one) for one in fitting], hide_index=True, key="index.fitting")


def name(one: Expected) -> str:
    """Return an index with its setting."""
    return f"{one.title}, {one.knob} {one.value:,}" if one.knob else one.title


def basis(sizes: Sequence[int], n: int) -> str:
    """Return what an advice for n vectors is based on, as Markdown."""
    if n in sizes:
        return f"Measured among {n:,} words of this space, on this machine, with one thread."
    small, large = sizes[-2:]
    how_far = f"{told.digits(n / large)} times as many" if n > large else "which are fewer"
    return (
        f"**This was not measured.** What was measured among {small:,} and {large:,} words is drawn out to {n:,}, "
        f"{how_far}: on straight lines over the logarithm of n, for the recall and for the logarithms of times and "
        "bytes. Other vectors, other machines: measure before you rely on it."
    )


def _advice(fitting: Sequence[Expected], of: Sequence[Expected], n: int) -> str:
    best = fitting[0]
    lines = [
        f"Take **{plain(name(best))}**: it finds {told.share(best.recall)} of the 10 nearest in "
        f"{told.milliseconds(best.median_ms)}, takes {told.size(best.bytes)} and {told.seconds(best.build_seconds)} to "
        f"build.\n\nOf {len(of)} that are known for {n:,} vectors, {len(fitting)} find enough and are small enough; "
        "this is the quickest of them."
    ]
    exact = min((one for one in of if one.kind in EXACT), key=lambda one: one.median_ms, default=None)
    if best.kind in EXACT:
        lines.append("It looks at all rows and misses nothing: an index that guesses would not pay here.")
    elif exact is not None:
        times = told.digits(exact.median_ms / best.median_ms)
        lines.append(f"To look at all rows takes {told.milliseconds(exact.median_ms)}, {times} times as long.")
    if len(fitting) > 1:
        other = fitting[1]
        lines.append(
            f"The next is {plain(name(other))}: {told.share(other.recall)} in {told.milliseconds(other.median_ms)}, "
            f"{told.size(other.bytes)}."
        )
    return " ".join(lines)


def _nothing(of: Sequence[Expected], n: int, least: float, most: float | None) -> str:
    """Say that nothing fits, and which of the two wishes stands in the way."""
    enough = [one for one in of if one.recall >= least]
    if not enough or most is None:
        best = max(of, key=lambda one: one.recall)
        return (
            f"Nothing that was measured finds so much: the most is {told.share(best.recall)}, by {plain(name(best))}."
        )
    smallest = min(enough, key=lambda one: one.bytes)
    return (
        f"Nothing that finds {told.share(least)} fits into {told.size(most)}: the smallest for {n:,} vectors is "
        f"{plain(name(smallest))}, with {told.size(smallest.bytes)}."
    )


def _row(one: Expected) -> dict[str, str]:
    return {
        "Index": name(one),
        "Recall@10": told.share(one.recall),
        "Median": told.milliseconds(one.median_ms),
        "Memory": told.size(one.bytes),
        "Built in": told.seconds(one.build_seconds),
        "Known": "measured" if one.measured else "drawn out",
    }
