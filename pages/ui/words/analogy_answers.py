"""What each method answers to a formula, beside each other, and where the expected word came."""

import functools
from collections.abc import Mapping, Sequence

import streamlit as st

from engine.words.answers import Answers, Place
from engine.words.space import Method
from pages.ui.text import plain
from pages.ui.words.asked import METHODS
from pages.ui.words.ranked import Row, number, ranked, signed_bar
from pages.ui.words.slot import Desk

HOW: Mapping[Method, str] = {
    "3cosadd": "The cosine with the sum of the words: one large cosine can make up for a small one.",
    "3cosmul": "The cosines, moved to 0..1, multiplied and divided: no single one can win by itself.",
    "pairdirection": "The cosine of two steps: only the direction counts, not whether the answer is near.",
}


def three_methods(here: Desk, found: Mapping[Method, Answers], inputs: Sequence[str]) -> None:
    """Show the answers of all methods; a click on a word makes it the expected one, which is drawn."""
    _told_inputs(found, inputs)
    for place, (method, answers) in zip(st.columns(len(found)), found.items(), strict=True):
        with place:
            st.markdown(f"**{METHODS[method]}**", help=HOW[method])
            if answers.why:
                st.info(plain(answers.why, 400), icon=":material/info:")
                continue
            ranked(
                _rows(method, answers),
                title=f"Answers to {here.asked.formula} by {METHODS[method]}",
                columns=["Word", "Score"],
                key=f"words.analogies.{method}",
                marked=[here.asked.expected.strip()],
                on_choose=functools.partial(_draw, here),
            )
            if answers.expected:
                st.markdown(sentence(answers.expected))


def table(found: Mapping[Method, Answers]) -> list[dict[str, str | int | float]]:
    """Return the answers of all methods as rows of one table."""
    return [
        {"method": METHODS[method], "place": place, "word": word, "score": score}
        for method, answers in found.items()
        for place, (word, score) in enumerate(answers.ranked, 1)
    ]


def sentence(place: Place) -> str:
    """Return where the expected word stands, as Markdown."""
    word = f"**{plain(place.word)}**"
    if place.rank is None:
        return f"{word} is a word of the formula, and these are left out."
    told = f"{word} is the best answer" if place.rank == 1 else f"{word} is answer {place.rank:,}"
    if place.other is None or place.margin is None:
        return f"{told}."
    side = "ahead of" if place.margin >= 0 else "behind"
    return f"{told}, {number(abs(place.margin))} {side} {plain(place.other)}."


def _told_inputs(found: Mapping[Method, Answers], inputs: Sequence[str]) -> None:
    """Say which methods answer with a word of the question: it is mostly near enough to its own sum to win."""
    won = {METHODS[method]: a.ranked[0][0] for method, a in found.items() if a.ranked and a.ranked[0][0] in inputs}
    if won:
        told = ", ".join(f"{method} with **{plain(word)}**" for method, word in won.items())
        st.info(
            f"A word of the formula itself is the best answer: {told}. The sum moves so little that the word where it "
            "set out stays nearest; that is why the words of the formula are left out as a rule.",
            icon=":material/info:",
        )


def _rows(method: Method, answers: Answers) -> list[Row]:
    # Scores of 3CosMul are quotients around 1 and above; cosines have 1 as their most, and may be negative.
    most = max((score for _, score in answers.ranked), default=1.0) if method == "3cosmul" else 1.0
    negative = any(score < 0 for _, score in answers.ranked)

    def bar(score: float) -> tuple[float, float]:
        return signed_bar(score) if negative else (0.0, score / (most or 1.0))

    return [Row(word, number(score), bar(score)) for word, score in answers.ranked]


def _draw(here: Desk, word: str) -> None:
    here.put(expected=word)
