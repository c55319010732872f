"""Analogies: a formula, what each method answers, the parallelogram, and where and why it all fails."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from engine.errors import DataError, LearnscopeError
from engine.spec import settings_by_name
from engine.words import examples
from engine.words.answers import Answers
from engine.words.failure import Failure
from engine.words.formula import Formula, parse
from engine.words.space import Method, Space
from pages.ui.text import plain
from pages.ui.words.analogy_answers import listed, table, tell_inputs
from pages.ui.words.analogy_picture import drawn, numbers, plane
from pages.ui.words.asked import Asked, View
from pages.ui.words.board import board
from pages.ui.words.by_hand import analogy_by_hand
from pages.ui.words.failures import failures
from pages.ui.words.guessing import guessing
from pages.ui.words.slot import Desk, write_link
from pages.ui.words.taking import Picture, offer
from pages.ui.words.unknown import all_known

FIELDS = ("formula", "expected", "k", "inputs")


@st.fragment
def analogies(here: Desk, space: Space) -> None:
    """Show the section; what was clicked may lead to another one."""
    if here.asked.section != "analogies":
        st.rerun()
    setting, key = settings_by_name(Asked)["view"], here.key("view")
    st.session_state.setdefault(key, here.asked.view)
    st.segmented_control(
        "View",
        list(VIEWS),
        default=st.session_state[key],
        format_func=setting.word,
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    here.take("view")
    try:
        VIEWS[here.asked.view](here, space)
    except LearnscopeError as error:
        st.warning(plain(str(error), 400), icon=":material/info:")
    write_link(here)


def _ask_view(here: Desk, space: Space) -> None:
    _take(here, space, (here.asked.formula, here.asked.expected))
    if not here.asked.formula.strip():
        _begin(here, space)
    found = _answers(here, space)  # before anything is drawn, so that all of the answer is sent and painted at once
    _fields(here, space)
    _asked(here, space, found)


def _guess_view(here: Desk, space: Space) -> None:
    guessing(here, space, lambda shown: _ask(here, str(shown.formula), shown.right))


def _failures_view(here: Desk, space: Space) -> None:
    failures(here, space, functools.partial(_ask_failure, here))


VIEWS: Mapping[View, Callable[[Desk, Space], None]] = {
    "ask": _ask_view,
    "guess": _guess_view,
    "failures": _failures_view,
}


def _take(here: Desk, space: Space, before: tuple[str, str]) -> None:
    """Take in what stands in the fields; with another formula, what was expected of the one before is forgotten."""
    asked = here.take(*FIELDS)
    if before[0] and asked.formula != before[0] and asked.expected == before[1]:
        here.put(expected=_known_answer(space, asked.formula))


def _known_answer(space: Space, text: str) -> str:
    try:
        formula = parse(text)
    except DataError:
        return ""
    return next((one.expected for one in examples.analogies(space) if one.formula == formula), "")


def _begin(here: Desk, space: Space) -> None:
    known = examples.analogies(space)
    if known:
        here.put(formula=str(known[0].formula), expected=known[0].expected)
    else:
        c, a, b = (space.words[min(place, len(space) - 1)] for place in (20, 21, 22))
        here.put(formula=str(Formula((c, b), (a,))))


def _fields(here: Desk, space: Space) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=360):  # on a phone a row of its own: no less than a whole formula is to be seen
            here.widget("formula")
        with st.container(width=180):
            here.widget("expected")
        how = st.popover("How", icon=":material/tune:", key=here.key("how"), on_change="rerun")
        _examples(here, space)
        _history(here)
    if how.open:
        with how:
            here.widget("inputs")
            here.widget("k")


def _history(here: Desk) -> None:
    """Offer the formulas asked before, the newest first."""
    past = dict(reversed(here.formulas))
    _offer(here, "History", ":material/history:", past, dict.fromkeys(past, ""))


def _examples(here: Desk, space: Space) -> None:
    known = examples.analogies(space)
    offered = {str(one.formula): one.expected for one in known}
    _offer(here, "Examples", ":material/lightbulb:", offered, {str(one.formula): one.relation for one in known})


def _offer(here: Desk, label: str, icon: str, formulas: Mapping[str, str], about: Mapping[str, str]) -> None:
    """Offer formulas, each with the word that is then expected, and what else is told of it."""
    if not formulas:
        return
    key = here.key(label)

    def choose() -> None:
        chosen = st.session_state[key]
        if chosen in formulas:
            _ask(here, chosen, formulas[chosen])

    def told(formula: str) -> str:
        return "  ·  ".join(filter(None, (plain(formula, 80), plain(about[formula]))))

    st.menu_button(label, list(formulas), icon=icon, key=key, on_click=choose, format_func=told)


def _answers(here: Desk, space: Space) -> Mapping[Method, Answers] | LearnscopeError:
    """Return what the methods answer to the formula, or what is wrong with it."""
    expected = here.asked.expected.strip()
    try:
        formula = parse(here.asked.formula)
        return space.answers(
            formula.positive,
            formula.negative,
            here.asked.k,
            expected if expected in space else None,
            exclude_inputs=not here.asked.inputs,
        )
    except LearnscopeError as error:
        return error


def _asked(here: Desk, space: Space, found: Mapping[Method, Answers] | LearnscopeError) -> None:
    """Show what has been found, or else what is wrong with the formula; raises DataError."""
    formula = parse(here.asked.formula)
    words = tuple(dict.fromkeys((*formula.positive, *formula.negative)))
    if not all_known(space, words, here.key("formula"), functools.partial(_replace, here, formula)):
        return
    here.remember(str(formula), here.asked.expected)
    expected = here.asked.expected.strip()
    if expected and expected not in space:
        all_known(space, [expected], here.key("expected"), lambda _, other: here.put(expected=other))
        expected = ""
    if isinstance(found, LearnscopeError):
        raise found
    tell_inputs(found, words)
    answer = expected or next((word for word, _ in found["3cosadd"].ranked if word not in words), "")
    seen = drawn(space, formula, answer, found) if formula.is_parallelogram and answer else None
    picture = plane(seen) if seen else None
    board(
        listed(found, here.asked.formula),
        picture,
        marked=here.asked.expected.strip(),
        turns=[(str(other), told) for other, told in formula.turned(answer)] if seen else [],
        key="words.analogies.board",
        on_choose=lambda word: here.put(expected=word),
        on_turn=functools.partial(_ask, here),
    )
    if seen:
        numbers(seen)
    elif not formula.is_parallelogram:
        st.caption("A parallelogram can be drawn of two words with a plus and one with a minus: king - man + woman.")
    taken = Picture(picture.figure, str(formula)) if picture else None
    offer(here, "words-analogy", table(found), analogy_by_hand(space, here.asked, formula), taken)


def _ask(here: Desk, formula: str, expected: str) -> None:
    here.put(view="ask", formula=formula, expected=expected)


def _ask_failure(here: Desk, entry: Failure) -> None:
    """Ask the question of a failure, in the section where one asks such."""
    if entry.asked.negative:
        here.put(inputs=not entry.exclude_inputs)
        _ask(here, entry.formula, entry.expected)
    else:
        here.put(query=entry.formula, metric=entry.metric, section="neighbours")


def _replace(here: Desk, formula: Formula, word: str, other: str) -> None:
    positive, negative = (
        tuple(other if one == word else one for one in side) for side in (formula.positive, formula.negative)
    )
    here.put(formula=str(replace(formula, positive=positive, negative=negative)))
