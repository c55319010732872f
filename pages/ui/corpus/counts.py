"""Counts: how often words come, how much of the text the frequent ones make up, and what is made of that."""

from typing import Any

import numpy as np
import streamlit as st

from engine.figures.text_counts import coverage_figure, fitted, ranks, zipf_figure
from engine.words.corpus.counts import coverage, covering, drawn, keep_probability, negative_probability, zipf
from pages.ui.corpus.markup import Shaded, number_table
from pages.ui.corpus.plot import numbers, plot
from pages.ui.corpus.seen import Seen
from pages.ui.text import plain

DRAWS = 100_000
ROWS = 16
"""Words of the table: evenly spread over the ranks on a logarithmic scale."""
READ = 40
"""Rows of the numbers of a curve that are shown on the page."""


def counts(seen: Seen) -> None:
    """Show the view."""
    every, kept = np.asarray(seen.text.counts), seen.kept
    record = seen.text.record
    covered = coverage(every)
    columns = st.columns(4)
    columns[0].metric("Tokens", f"{record.tokens:,}")
    columns[1].metric("Different", f"{len(every):,}")
    columns[2].metric("Learnt", f"{kept:,}", help=f"Those that come {seen.spec.min_count:,} times or more.")
    share = float(covered[kept - 1]) if kept else 0.0
    columns[3].metric("Of the text", f"{share:.1%}", help="The share of all tokens that are among the words learnt.")
    if len(every) > 1:
        _zipf(seen, every, kept)
    _covered(seen, every, covered)
    if kept:
        _drawn(seen, every[:kept])


def _zipf(seen: Seen, every: np.ndarray, kept: int) -> None:
    line = zipf(every)
    st.markdown("**Zipf's law**")
    most, second = (plain(seen.text.words[row], 40) for row in (0, 1))
    drawn = zipf_figure(every, line, kept)
    plot(
        drawn,
        alt=f"Counts over ranks on logarithmic axes, near a line of slope −{line.exponent:.2f}.",
        key=f"{seen.key}-zipf",
    )
    st.caption(
        f"“{most}” comes {every[0]:,} times, “{second}” {every[1]:,} times. The line that fits best falls as "
        f"1 / rank^{line.exponent:.2f}; where it is 1 / rank, the second word comes half as often as the first, the "
        "third a third as often."
    )
    shown = ranks(len(every))
    rows = [
        {"rank": rank, "word": seen.text.words[rank - 1], "count": int(every[rank - 1]), "fitted": line_at}
        for rank, line_at in zip(shown.tolist(), fitted(line, shown).tolist(), strict=True)
    ]
    numbers(f"{seen.key}-zipf", "zipf", rows, drawn, "Zipf's law", _some(rows, every))


def _covered(seen: Seen, every: np.ndarray, covered: np.ndarray) -> None:
    st.markdown("**Coverage**")
    drawn = coverage_figure(every, seen.kept)
    plot(
        drawn,
        alt="Which share of the text the most frequent words make up.",
        key=f"{seen.key}-coverage",
    )
    first = min(10, len(every))
    told = [f"The first {first} words make up {covered[first - 1]:.0%} of the text"]
    told += [f"{covering(every, share):,} make up {share:.0%}" for share in (0.5, 0.9)]
    once = int((every == 1).sum())
    told.append(f"{once:,} of {len(every):,} come once")
    st.caption(f"{', '.join(told)}.")
    rows = [
        {"most frequent words": rank, "the last of them": seen.text.words[rank - 1], "share of the text": covers}
        for rank, covers in zip(
            ranks(len(every)).tolist(), covered[ranks(len(every)) - 1].astype(float).tolist(), strict=True
        )
    ]
    numbers(f"{seen.key}-coverage", "coverage", rows, drawn, "Coverage", _some(rows, every))


def _some(rows: list[dict[str, Any]], every: np.ndarray) -> list[dict[str, Any]]:
    """Return as many rows of the ``ranks`` of ``every`` as one reads: spread as on the axis, both ends among them."""
    asked = np.geomspace(1, len(every), READ).round()
    places = np.unique(np.searchsorted(ranks(len(every)), asked).clip(max=len(rows) - 1))
    return [rows[place] for place in places.tolist()]


def _drawn(seen: Seen, every: np.ndarray) -> None:
    """Show how often words are drawn as negative ones, and how often they stay where the frequent are thinned out."""
    st.markdown("**Negative words**")
    used = seen.objective == "negative"
    here = f"{seen.spec.negative} for each neighbour" if used else "which the run above does not do"
    st.caption(
        plain(
            f"Negative sampling draws words at random ({here}) by count^0.75: frequent words less often than they "
            "come, rare ones more often. Drawn: how often in 100,000 draws of this seed.",
            400,
        )
    )
    rows = np.unique(np.geomspace(1, len(every), ROWS).round().astype(np.int64)) - 1
    share, noise = every / every.sum(), negative_probability(every)
    stays, found = keep_probability(every, seen.sample), drawn(every, DRAWS, seen.spec.seed)
    table = [
        (
            seen.text.words[int(row)],
            [
                Shaded(f"{row + 1:,}"),
                Shaded(f"{every[row]:,}"),
                Shaded(f"{share[row]:.3%}", float(share[row] / share[0])),
                Shaded(f"{noise[row]:.3%}", float(noise[row] / share[0])),
                Shaded(f"{noise[row] / share[row]:.2f}"),
                Shaded(f"{found[row]:,}"),
                Shaded(f"{stays[row]:.1%}", float(stays[row])),
            ],
        )
        for row in rows.tolist()
    ]
    heads = ["rank", "count", "share p", "p^0.75, of all", "times p", "drawn", "stays"]
    caption = "Stays: with which probability a word is not skipped where frequent words are thinned out."
    st.html(number_table("word", heads, table, caption=caption))
