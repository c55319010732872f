"""Two sentences, and which of them the net finds likelier, symbol by symbol: a minimal pair, if they differ in one."""

import html
from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.asking import Question
from engine.figures.style import DIVERGING
from engine.labs.generation import GenerationSpec
from engine.runs.run import Run
from pages.ui.desk.slot import Desk
from pages.ui.desk.telling import step_shown
from pages.ui.language.asking import ask, told

PAIR = ("The keys were old.", "The keys was old.")
PAIRS = {
    "code": ("    total = (left + 1)", "    total = (left + 1]"),
    "surnames": ("Finnish: Koskinen", "Finnish: Kowalski"),
    "first_names": ("girl: Marietta", "boy: Marietta"),
}
"""Two sentences to begin with, by the text that is learnt; of others they are ``PAIR``."""
MOST = 300
STRONGEST = 55
"""Percent of the colour behind the symbol that costs most: more, and it could not be read."""


def weighing(here: Desk, run: Run, spec: GenerationSpec, key: str) -> None:
    """Draw the view."""
    key = f"{key}.weigh.{spec.text}"
    names = ("One", "The other")
    first, second = (
        st.text_input(name, text, key=f"{key}.{name}", max_chars=MOST)
        for name, text in zip(names, PAIRS.get(spec.text, PAIR), strict=True)
    )
    is_there = bool(first and second)
    if st.button("Weigh them", icon=":material/balance:", key=f"{key}.ask", type="primary", disabled=not is_there):
        ask(key, run, step_shown(here, run), Question("compare", {"first": first, "second": second}))
    found = told(key, run)
    if found is not None:
        _show(found.what, found.step)


def _show(texts: Sequence[dict[str, Any]], step: int) -> None:
    one, other = (sum(text["bits"]) for text in texts)
    st.caption(f"The net at step {step:,}. Each sentence stands behind a line end.")
    st.markdown(verdict(one, other))
    most = max([bit for text in texts for bit in text["bits"]], default=1.0)
    for text, bits in zip(texts, (one, other), strict=True):
        st.html(marked(text["symbols"], text["bits"], most))
        st.caption(f"{bits:.2f} bits in all, {bits / max(1, len(text['bits'])):.2f} a symbol")
    longest = max(len(text["bits"]) for text in texts)
    with st.expander("Symbol by symbol"):
        st.dataframe([_row(texts, at) for at in range(longest)], hide_index=True, width="stretch")


def verdict(one: float, other: float) -> str:
    """Return in a sentence which of two is likelier, by the bits that each costs."""
    if one == other:
        return "Both are equally likely."
    which = "first" if one < other else "second"
    apart = abs(one - other)
    times = f"{2**apart:,.1f} times" if apart < 20 else f"2 to the power of {apart:.0f} times"
    return f"It finds the **{which}** one likelier: by {apart:.2f} bits, so {times}."


def marked(symbols: Sequence[str], bits: Sequence[float], most: float) -> str:
    """Return symbols as markup, each on the colour of what it costs beside ``most``; all text in it is escaped."""
    spans = [
        f'<span title="{cost:.2f} bits" style="background: color-mix(in srgb, {DIVERGING[1]} '
        f'{STRONGEST * cost / (most or 1):.0f}%, transparent)">{html.escape(symbol).replace("␣", " ")}</span>'
        for symbol, cost in zip(symbols, bits, strict=True)
    ]
    return f'<p style="font-family: monospace; white-space: pre-wrap; overflow-wrap: anywhere">{"".join(spans)}</p>'


def _row(texts: Sequence[dict[str, Any]], at: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, text in zip(("first", "second"), texts, strict=True):
        there = at < len(text["bits"])
        row[name] = text["symbols"][at] if there else ""
        row[f"bits of the {name}"] = round(text["bits"][at], 2) if there else None
    return row
