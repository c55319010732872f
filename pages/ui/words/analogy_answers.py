"""What each method answers to a formula, and where the expected word came."""

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.words.answers import Answers, Place
from engine.words.space import Method
from pages.ui.text import plain
from pages.ui.words.asked import METHODS
from pages.ui.words.board import Listed
from pages.ui.words.ranked import Row, number, signed_bar

HOW: Mapping[Method, str] = {
    "3cosadd": "The cosine with the sum of the words: one large cosine can make up for a small one.",
    "3cosmul": "The cosines, moved to 0..1, multiplied and divided: no single one can win by itself.",
    "pairdirection": "The cosine of two steps: only the direction counts, not whether the answer is near.",
}


def listed(found: Mapping[Method, Answers], formula: str) -> list[Listed]:
    """Return the answers of all methods as they are shown."""
    return [
        Listed(
            METHODS[method],
            HOW[method],
            f"Answers to {formula} by {METHODS[method]}",
            _rows(method, answers),
            sentence(answers.expected) if answers.expected else None,
            answers.why,
        )
        for method, answers in found.items()
    ]


def table(found: Mapping[Method, Answers]) -> list[dict[str, str | int | float]]:
    """Return the answers of all methods as rows of one table."""
    return [
        {"method": METHODS[method], "place": place, "word": word, "score": score}
        for method, answers in found.items()
        for place, (word, score) in enumerate(answers.ranked, 1)
    ]


def sentence(place: Place) -> tuple[str, str]:
    """Return the expected word, and where it stands, as the rest of a sentence that begins with it."""
    if place.rank is None:
        return place.word, " is a word of the formula, and these are left out."
    told = " is the best answer" if place.rank == 1 else f" is answer {place.rank:,}"
    if place.other is None or place.margin is None:
        return place.word, f"{told}."
    side = "ahead of" if place.margin >= 0 else "behind"
    return place.word, f"{told}, {number(abs(place.margin))} {side} {place.other}."


def tell_inputs(found: Mapping[Method, Answers], inputs: Sequence[str]) -> None:
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
