"""Riddles: guess the fourth word before the space says what it takes it for."""

from collections.abc import Callable

import streamlit as st

from engine.words.riddles import Riddle, riddle
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.slot import Desk, Guesses


def guessing(here: Desk, space: Space, ask: Callable[[Riddle], None]) -> None:
    """Show a riddle; ``ask(riddle)`` is called when it is to be looked at as a formula."""
    guesses = here.guesses
    shown = riddle(space, guesses.number)
    if shown is None:
        st.info("Too little is known of the words of this space for riddles: the made-up world has many.")
        return
    a, b, c = (plain(word) for word in (*shown.given, shown.asked))
    st.markdown(f"**{a}** is to **{b}** as **{c}** is to …")
    with st.container(horizontal=True):
        for place, word in enumerate(shown.choices):
            st.button(
                plain(word),
                key=here.key(f"guess.{place}"),
                on_click=_guess,
                args=(guesses, space, shown, word),
                disabled=bool(guesses.chosen),
                icon=_mark(guesses, shown, word),
            )
    if not guesses.chosen:
        return
    said = answer_of(space, shown)
    good = guesses.chosen == shown.right
    (st.success if good else st.warning)(
        f"{'Right' if good else 'It is'}: **{plain(shown.right)}** ({plain(shown.relation)}). "
        f"The space says **{plain(said)}**{', too' if said == shown.right else ''}.",
        icon=":material/check:" if good else ":material/close:",
    )
    st.caption(f"Of {guesses.asked}, you had {guesses.right} right, the space {guesses.space_right}.")
    with st.container(horizontal=True):
        st.button("Next", key=here.key("guess.next"), on_click=_next, args=(guesses,), icon=":material/arrow_forward:")
        st.button(
            "Look at it", key=here.key("guess.look"), on_click=ask, args=(shown,), icon=":material/change_history:"
        )


def _mark(guesses: Guesses, shown: Riddle, word: str) -> str | None:
    """Return the sign of a choice once it was guessed: the right one, and a wrong one that was chosen."""
    if not guesses.chosen or word not in (shown.right, guesses.chosen):
        return None
    return ":material/check:" if word == shown.right else ":material/close:"


def answer_of(space: Space, shown: Riddle) -> str:
    """Return what the space answers by 3CosAdd."""
    formula = shown.formula
    return space.analogy(formula.positive, formula.negative, 1)[0][0]


def _guess(guesses: Guesses, space: Space, shown: Riddle, word: str) -> None:
    if guesses.chosen:
        return  # two clicks in a row
    guesses.chosen = word
    guesses.asked += 1
    guesses.right += word == shown.right
    guesses.space_right += answer_of(space, shown) == shown.right


def _next(guesses: Guesses) -> None:
    guesses.number += 1
    guesses.chosen = ""
