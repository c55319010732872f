"""The parallelogram of an analogy: the figure, how parallel it is, and the numbers behind it."""

from collections.abc import Mapping

import streamlit as st

from engine.figures.analogy import analogy_figure
from engine.figures.style import Figure
from engine.words.answers import Answers
from engine.words.formula import Formula
from engine.words.parallelogram import Parallelogram, parallelogram
from engine.words.space import Method, Space
from pages.ui.text import plain
from pages.ui.words.plane import plane
from pages.ui.words.ranked import number

HEIGHT = 440
OTHERS = 4
"""So many of the best answers of each method are drawn beside the one looked at."""
ROLES = {"a": "with the minus", "b": "second plus", "c": "first plus", "answer": "answer", "other": "another answer"}


def picture(space: Space, formula: Formula, answer: str, found: Mapping[Method, Answers]) -> Figure:
    """Draw the parallelogram with one answer and the best other ones, and return its figure; raises DataError."""
    inputs = {*formula.positive, *formula.negative}
    others = [word for answers in found.values() for word, _ in answers.ranked[:OTHERS] if word not in inputs]
    drawn = parallelogram(space, formula, answer, others)
    left, right = st.columns([3, 2])
    with left:
        figure = analogy_figure(drawn)
        plane(figure, alt=_alt(drawn), key="words.analogies.picture", height=HEIGHT)
    with right:
        _parallel(drawn)
    numbers = st.expander(
        "The numbers of this picture", icon=":material/table:", key="words.analogies.numbers", on_change="rerun"
    )
    if numbers.open:
        numbers.table(_table(drawn), border="horizontal")
    return figure


def _parallel(drawn: Parallelogram) -> None:
    a, b, c, answer = (plain(drawn.corner(role).word, 40) for role in ("a", "b", "c", "answer"))
    first, second = f"{a} → {b}", f"{c} → {answer}"
    st.markdown(f"**How parallel are {first} and {second}?**")
    with st.container(horizontal=True):
        st.metric(
            "Angle",
            "–" if drawn.angle is None else f"{drawn.angle:.1f}°",
            help="Between the two steps, in the whole space. 0° is parallel; two steps that have nothing to do with "
            "each other stand at about 90°.",
        )
        st.metric(
            "Length ratio",
            "–" if drawn.ratio is None else f"{drawn.ratio:.2f}",
            help=f"The length of {second} over that of {first}.",
        )
        st.metric(
            "Outside",
            f"{drawn.corner('answer').outside:.2f}",
            help=f"How far {answer} is from the plane that is drawn; words have length 1.",
        )
    st.markdown(
        f"The plane is the one in which **{a}**, **{b}** and **{c}** lie, so these and the corner ◇ are exactly where "
        "they are drawn. All other words are somewhere else in the space and drawn where the plane is nearest to "
        "them: the smaller and fainter a point, the farther outside it is."
    )
    if drawn.dimensions < 2:
        told = "in one point" if drawn.dimensions == 0 else "on a line"
        st.info(f"The three words lie {told}, which leaves a plane open: the answer lies in it too.")
    if drawn.angle is None:
        st.info("One of the two steps has no length, so there is no angle to tell.")


def _alt(drawn: Parallelogram) -> str:
    a, b, c, answer = (drawn.corner(role).word for role in ("a", "b", "c", "answer"))
    angle = "" if drawn.angle is None else f", at an angle of {drawn.angle:.0f} degrees"
    return (
        f"The plane of {a}, {b} and {c}: an arrow from {a} to {b} and one from {c} to {answer}{angle}. "
        "The table below has all numbers."
    )


def _table(drawn: Parallelogram) -> dict[str, list[str]]:
    a, b = (plain(drawn.corner(role).word, 40) for role in ("a", "b"))
    corners = [corner for corner in drawn.corners if corner.role != "target"]
    target = drawn.corner("target")
    return {
        "word": [*(plain(corner.word, 40) for corner in corners), "◇"],
        "is": [*(ROLES[corner.role] for corner in corners), "the fourth corner"],
        f"along {a} → {b}": [number(corner.x) for corner in (*corners, target)],
        "across": [number(corner.y) for corner in (*corners, target)],
        "outside": [number(corner.outside) for corner in (*corners, target)],
    }
