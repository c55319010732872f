"""Pairs: which words stand near each other, counted for the window of the run; and where in the text they do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from engine.figures.cooccurrence import cooccurrence_figure
from engine.spec import settings_by_name
from engine.words.corpus import nearness
from engine.words.corpus.nearness import MOST_TOKENS, Nearness, sightings
from pages.ui.corpus.asked import TextAsked
from pages.ui.corpus.markup import Shaded, marked, number_table
from pages.ui.corpus.plot import numbers, plot
from pages.ui.corpus.seen import Seen
from pages.ui.corpus.work import followed
from pages.ui.text import plain

MOST_SIGHTINGS = 5
READ = 40
"""Cells that the table on the page has: the strongest."""


def pairs(seen: Seen) -> None:
    """Show the view."""
    size, window = min(seen.widget("size"), seen.kept), seen.spec.window
    if size < 2:
        st.info("Fewer than two words are learnt, so there are no pairs.", icon=":material/info:")
        return
    order = nearness.order(seen.text, seen.kept, window, size)
    result = followed(order, "Counting who stands near whom", f"{seen.key}-pairs")
    if result is None:
        return
    found, words = Nearness.of(result), seen.text.words[:size]
    values = found.weighed(seen.symmetric)
    one, other = _chosen(seen, words, values)
    st.caption(_about(seen, window))
    key = st.session_state[_drawn(seen)] = f"{seen.key}-matrix-{size}-{one}-{other}"
    drawn = cooccurrence_figure(words, values, (one, other))
    plot(
        drawn,
        alt="A matrix of the most frequent words: how near each stands to each.",
        key=key,
        on_select=lambda: _click(seen, words, key),
    )
    rows = _cells(words, values)
    numbers(f"{seen.key}-pairs", "pairs", rows, drawn, "Who stands near whom", rows[:READ])
    _cell(seen, found, words, one, other)


def _cells(words: Sequence[str], values: np.ndarray) -> list[dict[str, Any]]:
    """Return all cells of the matrix that are not empty, the strongest first."""
    falling = np.argsort(-values, axis=None, kind="stable").tolist()
    size, flat = len(words), values.ravel()
    return [
        {"word": words[place // size], "near": words[place % size], "sum of 1/distance": float(flat[place])}
        for place in falling
        if flat[place] > 0
    ]


def _about(seen: Seen, window: int) -> str:
    part = f"Of the first {MOST_TOKENS:,} tokens of the text. " if len(seen.text.ids) > MOST_TOKENS else ""
    sides = "" if seen.symmetric else " A word counts what stands behind it alone."
    return plain(
        f"{part}Words of a sentence at most {window} places apart are near each other; each time counts 1 / distance, "
        f"which is what GloVe learns from.{sides} Words that are left out are no distance. An empty cell: never. Click "
        "on one, or choose two words.",
        400,
    )


def _chosen(seen: Seen, words: Sequence[str], values: np.ndarray) -> tuple[int, int]:
    """Let a person choose two words; return their places. At first it is the strongest pair of different words."""
    off = np.where(np.eye(len(words), dtype=bool), -1, values)
    strongest = np.unravel_index(int(off.argmax()), off.shape)
    found: list[int] = []
    columns = st.columns(2)
    for column, name, first in zip(columns, ("one", "other"), strongest, strict=True):
        asked = getattr(seen.asked, name)
        place = words.index(asked) if asked in words else int(first)
        key = f"{seen.key}-{name}-{seen.text.folder.name}-{len(words)}"
        if st.session_state.get(key) not in words:
            st.session_state[key] = words[place]
        label, begin = settings_by_name(TextAsked)[name].knob.label, words.index(st.session_state[key])
        chosen = column.selectbox(label, words, begin, key=key)
        seen.change(**{name: "" if chosen == words[int(first)] else chosen})
        found.append(words.index(chosen))
    return found[0], found[1]


def _click(seen: Seen, words: Sequence[str], key: str) -> None:
    """Take over a cell that was clicked; a browser that is late says once more what was clicked in a matrix before."""
    if st.session_state.get(_drawn(seen)) != key:
        return
    points = st.session_state[key].get("selection", {}).get("point_indices", [])
    if points and isinstance(points[0], int) and 0 <= points[0] < len(words) ** 2:
        for name, place in zip(("one", "other"), divmod(points[0], len(words)), strict=True):
            st.session_state[f"{seen.key}-{name}-{seen.text.folder.name}-{len(words)}"] = words[place]


def _drawn(seen: Seen) -> str:
    return f"{seen.key}-matrix"


def _cell(seen: Seen, found: Nearness, words: Sequence[str], one: int, other: int) -> None:
    """Tell how the number of a cell comes about, and show places of the text that it counts."""
    times = found.times(seen.symmetric)[:, one, other]
    value = float(found.weighed(seen.symmetric)[one, other])
    st.markdown(f"**{plain(words[one], 40)}** near **{plain(words[other], 40)}**: {value:,.4g}")
    rows = [
        (
            str(distance),
            [
                Shaded(f"{times[distance - 1]:,}", float(times[distance - 1] / max(1, times.max()))),
                Shaded(f"{1 / distance:.3g}"),
                Shaded(f"{times[distance - 1] / distance:,.4g}"),
                Shaded(f"{(found.window - distance + 1) / found.window:.0%}"),
            ],
        )
        for distance in range(1, found.window + 1)
    ]
    rows.append(("all", [Shaded(f"{times.sum():,}"), Shaded(""), Shaded(f"{value:,.4g}"), Shaded("")]))
    caption = "word2vec looks: at each place it draws anew how far it looks, so it sees this distance so often."
    st.html(number_table("distance", ["times", "weight", "adds", "word2vec looks"], rows, caption=caption))
    seen_in_text = sightings(seen.text, seen.kept, found.window, one, other, seen.symmetric, MOST_SIGHTINGS)
    if not seen_in_text:
        st.caption("These two never stand near each other.")
        return
    st.html("".join(_sighting(one) for one in seen_in_text))


def _sighting(one: nearness.Seen) -> str:
    adds = "1" if one.distance == 1 else f"1/{one.distance}"
    return marked(one.words, (one.first, one.second), one.whole, f"adds {adds}")
