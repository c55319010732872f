"""The parallelogram of an analogy: the figure, how parallel it is, and the numbers behind it."""

from collections.abc import Mapping

import streamlit as st

from engine.figures.analogy import analogy_figure
from engine.words.answers import Answers
from engine.words.formula import Formula
from engine.words.parallelogram import Parallelogram, parallelogram
from engine.words.space import Method, Space
from pages.ui.text import plain
from pages.ui.words.board import Plane
from pages.ui.words.ranked import number

OTHERS = 4
"""So many of the best answers of each method are drawn beside the one looked at."""
ROLES = {"a": "with the minus", "b": "second plus", "c": "first plus", "answer": "answer", "other": "another answer"}


def drawn(space: Space, formula: Formula, answer: str, found: Mapping[Method, Answers]) -> Parallelogram:
    """Return the parallelogram with one answer and the best other ones; raises DataError."""
    inputs = {*formula.positive, *formula.negative}
    others = [word for answers in found.values() for word, _ in answers.ranked[:OTHERS] if word not in inputs]
    return parallelogram(space, formula, answer, others)


def plane(found: Parallelogram) -> Plane:
    """Return the picture of a parallelogram, and its numbers."""
    a, b, c, answer = (found.corner(role).word for role in ("a", "b", "c", "answer"))
    first, second = f"{a} → {b}", f"{c} → {answer}"
    measures = [
        (
            "Angle",
            "–" if found.angle is None else f"{found.angle:.1f}°",
            "Between the two steps, in the whole space. 0° is parallel; two steps that have nothing to do with each "
            "other stand at about 90°.",
        ),
        (
            "Length ratio",
            "–" if found.ratio is None else f"{found.ratio:.2f}",
            f"The length of {second} over that of {first}.",
        ),
        (
            "Outside",
            f"{found.corner('answer').outside:.2f}",
            f"How far {answer} is from the plane that is drawn; words have length 1.",
        ),
    ]
    about = [
        f"The plane is the one in which {a}, {b} and {c} lie, so these and the corner ◇ are exactly where they are "
        "drawn. All other words are somewhere else in the space and drawn where the plane is nearest to them: the "
        "smaller and fainter a point, the farther outside it is."
    ]
    if found.dimensions < 2:
        told = "in one point" if found.dimensions == 0 else "on a line"
        about.append(f"The three words lie {told}, which leaves a plane open: the answer lies in it too.")
    if found.angle is None:
        about.append("One of the two steps has no length, so there is no angle to tell.")
    return Plane(analogy_figure(found), _alt(found), f"How parallel are {first} and {second}?", measures, about)


def numbers(found: Parallelogram) -> None:
    """Offer the table of all numbers, which is made when somebody opens it."""
    box = st.expander(
        "The numbers of this picture", icon=":material/table:", key="words.analogies.numbers", on_change="rerun"
    )
    if box.open:
        box.table(_table(found), border="horizontal")


def _alt(found: Parallelogram) -> str:
    a, b, c, answer = (found.corner(role).word for role in ("a", "b", "c", "answer"))
    angle = "" if found.angle is None else f", at an angle of {found.angle:.0f} degrees"
    return (
        f"The plane of {a}, {b} and {c}: an arrow from {a} to {b} and one from {c} to {answer}{angle}. "
        "The table below has all numbers."
    )


def _table(found: Parallelogram) -> dict[str, list[str]]:
    a, b = (plain(found.corner(role).word, 40) for role in ("a", "b"))
    corners = [corner for corner in found.corners if corner.role != "target"]
    target = found.corner("target")
    return {
        "word": [*(plain(corner.word, 40) for corner in corners), "◇"],
        "is": [*(ROLES[corner.role] for corner in corners), "the fourth corner"],
        f"along {a} → {b}": [number(corner.x) for corner in (*corners, target)],
        "across": [number(corner.y) for corner in (*corners, target)],
        "outside": [number(corner.outside) for corner in (*corners, target)],
    }
