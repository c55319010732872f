"""Relations: whether the steps from word to word, as from one to many, are parallel in each space."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.figures.spaces import Dots, Steps, dots, steps
from engine.words.compare.work import order
from engine.words.scoring import has_judged_pairs
from pages.ui.notes import READABLE
from pages.ui.words.ranked import Row, ranked
from pages.ui.words.suites import SUITES, choose_suite, offered
from pages.ui.words_compare.chart import chart, numbers, signed
from pages.ui.words_compare.comparing import compared
from pages.ui.words_compare.slot import Desk
from pages.ui.words_compare.spaces import Opened, folders

FIRST = ("one and many", "gram8-plural")
FARTHEST = 6
Found = Mapping[str, Mapping[str, Any]]
"""What one space has of each relation, by the name of that."""


def relations(here: Desk, spaces: Sequence[Opened]) -> None:
    """Show the section."""
    names = [name for name in offered([one.space for one in spaces]) if not has_judged_pairs(name)]
    suite = choose_suite(here, names, "relations")
    wanted = order("suites_work:relations", folders(spaces), suite=suite)
    result = compared(here, wanted, "Looking at relations")
    if result is None:
        return
    told: list[Found] = [{one["relation"]: one for one in some} for some in result["spaces"]]
    known = list(dict.fromkeys(name for found in told for name in found))
    for one, found in zip(spaces, told, strict=True):
        if not found:
            st.info(f"{one.letter} knows no two pairs of any of these relations.", icon=":material/info:")
    _one(here, spaces, told, known)
    _all(here, spaces, told, known, suite)


def _one(here: Desk, spaces: Sequence[Opened], told: Sequence[Found], known: Sequence[str]) -> None:
    """Show the steps of one relation, which a person chooses."""
    key = here.key("relation")
    first = next((name for name in FIRST if name in known), known[0])
    st.session_state.setdefault(key, here.asked.relation if here.asked.relation in known else first)
    if st.session_state[key] not in known:
        st.session_state[key] = first
    with st.container(width=420):
        st.selectbox("Relation", known, known.index(st.session_state[key]), key=key)
    name = st.session_state[key]
    here.change(relation=name)
    there = [(one, found[name]) for one, found in zip(spaces, told, strict=True) if name in found]
    with st.container(horizontal=True):
        for one, found in there:
            st.metric(
                f"{one.letter}: mean cosine",
                signed(found["parallel"], 3),
                f"{signed(found['chance'], 3)} by chance",
                delta_color="off",
                delta_arrow="off",
                help="Of each two steps of the relation: 1 where all point the same way. By chance: the same words, "
                "paired at random.",
                border=True,
            )
    drawn = [
        Steps(one.name, [tuple(pair) for pair in found["pairs"]], found["angles"], found["lengths"])
        for one, found in there
    ]
    figure = steps(drawn)
    summary = "; ".join(f"{one.name} mean cosine {found['parallel']:.3f}" for one, found in there)
    left, right = st.columns([3, 2])
    with left:
        chart(figure, f"Angles and lengths of the steps of {name}: {summary}. The lists beside have them.", "steps")
        st.caption(
            "Each point is a step, as from *dog* to *dogs*: its angle with the mean of the other steps (0° is "
            "parallel), and how far out it lies is how long it is. Words have length 1."
        )
    with right:
        for one, found in there:
            _farthest(one, found)
    rows = [
        {"space": one.name, "from": a, "to": b, "angle": angle, "length": length}
        for one, found in there
        for (a, b), angle, length in zip(found["pairs"], found["angles"], found["lengths"], strict=True)
    ]
    numbers(here, "steps", rows, figure, f"Steps of {name}")


def _farthest(one: Opened, found: Mapping[str, Any]) -> None:
    """List the steps that point elsewhere."""
    by = sorted(zip(found["pairs"], found["angles"], strict=True), key=lambda step: -step[1])[:FARTHEST]
    st.markdown(f"**{one.letter}**: farthest from parallel")
    ranked(
        [Row(" → ".join(pair), f"{angle:.0f}°", (0.0, angle / 180)) for pair, angle in by],
        title=f"Steps that are least parallel in {one.name}",
        columns=["Step", "Angle"],
        key=f"compare.steps.{one.letter}",
    )


def _all(here: Desk, spaces: Sequence[Opened], told: Sequence[Found], known: Sequence[str], suite: str) -> None:
    """Show how parallel all relations are, beside what chance gives."""
    st.markdown(f"**{SUITES[suite]}: how parallel each is**")
    series = [
        Dots(
            one.name,
            [found[name]["parallel"] if name in found else None for name in known],
            chance=[found[name]["chance"] if name in found else None for name in known],
        )
        for one, found in zip(spaces, told, strict=True)
    ]
    lowest = min([0.0, *(found[name][what] for found in told for name in found for what in ("parallel", "chance"))])
    figure = dots(known, series, "mean cosine of two steps", (lowest - 0.04, 1.02))
    summary = "; ".join(
        f"{one.name}: " + ", ".join(f"{name} {found[name]['parallel']:.2f}" for name in known if name in found)
        for one, found in zip(spaces, told, strict=True)
    )
    chart(figure, f"How parallel the steps of each relation are. {summary}. The table has all numbers.", "relations")
    st.markdown(
        "Hollow: the same words paired at random. What is parallel there comes of the two lists, as countries lie on "
        "one side and capitals on the other, and not of who belongs to whom.",
        width=READABLE,
    )
    rows = [
        {"relation": name}
        | {
            f"{one.letter} {what}": found[name][of] if name in found else None
            for one, found in zip(spaces, told, strict=True)
            for what, of in (("mean cosine", "parallel"), ("by chance", "chance"), ("p", "p"))
        }
        for name in known
    ]
    numbers(here, "relations", rows, figure, f"{SUITES[suite]}: mean cosine of two steps")
