"""What comes of a question to a few words: each answer as a list, with what else there is to say."""

import functools
from collections.abc import Callable, Mapping

import streamlit as st

from engine.errors import DataError
from engine.words.formula import quoted
from engine.words.groups import likeness, near_mean
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.asked import Asked
from pages.ui.words.question_axis import axis
from pages.ui.words.ranked import Row, number, ranked
from pages.ui.words.slot import Desk
from pages.ui.words.taking import offer


def title_of(question: str) -> str:
    """Return what a question is called."""
    return Asked.model_fields["question"].metadata[0].labels[question]


def _two(words: tuple[str, ...]) -> tuple[str, str]:
    if len(words) != 2:
        raise DataError(f"This question takes two words, received {len(words)}.")
    return words[0], words[1]


def _at_least(words: tuple[str, ...], count: int) -> None:
    if len(words) < count:
        raise DataError(f"This question takes at least {count} words, received {len(words)}.")


def _similarity(here: Desk, space: Space, words: tuple[str, ...]) -> None:
    a, b = _two(words)
    found = likeness(space, a, b)
    told = {
        "Cosine": number(found.cosine),
        "Angle": f"{found.angle:.1f}°",
        "Distance": number(found.distance),
        "Dot product": number(found.dot),
    }
    for place, (name, value) in zip(st.columns(len(told)), told.items(), strict=True):
        place.metric(name, value)
    if found.place is not None:
        st.markdown(f"**{plain(b)}** is neighbour number **{found.place:,}** of **{plain(a)}** by the cosine.")
    lengths = f"{number(found.lengths[0])} and {number(found.lengths[1])}"
    st.caption(f"The vectors have the lengths {lengths}: dot product and distance depend on them, the cosine does not.")


def _odd(here: Desk, space: Space, words: tuple[str, ...]) -> None:
    _at_least(words, 2)
    odd = space.doesnt_match(words)
    st.markdown(f"The odd one is **{plain(odd)}**.")
    rows = near_mean(space, words)
    _list(here, "odd", "Cosine with the mean", rows, marked=(odd,))


def _between(here: Desk, space: Space, words: tuple[str, ...]) -> None:
    a, b = _two(words)
    _list(here, "between", "Smaller cosine", space.between(a, b, here.asked.k))


def _pairs(here: Desk, space: Space, words: tuple[str, ...]) -> None:
    _at_least(words, 2)
    found = space.nearest_pairs(words, here.asked.k)
    _list(here, "pairs", "Cosine", [(f"{a} · {b}", cosine) for a, b, cosine in found], clickable=False)


def _axis(here: Desk, space: Space, words: tuple[str, ...]) -> None:
    _at_least(words, 1)
    axis(here, space, words, functools.partial(_go_to, here))


def _centre(here: Desk, space: Space, words: tuple[str, ...]) -> None:
    _at_least(words, 1)
    _list(here, "centre", "Cosine", space.neighbours(dict.fromkeys(words, 1.0), here.asked.k, exact=here.asked.exact))


ANSWERS: Mapping[str, Callable[[Desk, Space, tuple[str, ...]], None]] = {
    "similarity": _similarity,
    "odd": _odd,
    "between": _between,
    "pairs": _pairs,
    "axis": _axis,
    "centre": _centre,
}


def _list(
    here: Desk,
    question: str,
    score: str,
    rows: list[tuple[str, float]],
    *,
    marked: tuple[str, ...] = (),
    clickable: bool = True,
) -> None:
    """Show words with their scores, and offer them to be taken away; a click asks for the neighbours of a word."""
    shown = [Row(word, number(value), (0.0, max(0.0, value))) for word, value in rows]
    ranked(
        shown,
        title=f"{title_of(question)}: {here.asked.words}",
        columns=["Words" if question == "pairs" else "Word", score],
        key=f"words.question.{question}",
        marked=marked,
        on_choose=functools.partial(_go_to, here) if clickable else None,
    )
    offer(here, f"words-{question}", [{"words": word, score.lower(): value} for word, value in rows])


def _go_to(here: Desk, word: str) -> None:
    here.ask_for(quoted(word))
    here.put(section="neighbours")
