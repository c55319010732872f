"""Questions to a few words: how alike two are, which is odd, what lies between, near pairs, an axis, a phrase."""

import functools
from collections.abc import Mapping

import streamlit as st

from engine.errors import LearnscopeError
from engine.words.formula import parse_pairs, parse_words, quoted
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.question_answers import ANSWERS, title_of
from pages.ui.words.slot import Desk, write_link
from pages.ui.words.unknown import all_known

ABOUT = {
    "similarity": "Two words, compared in every way: the cosine is what most people mean by similarity.",
    "odd": "Some words of one kind and one of another: the odd one is farthest from the mean of all.",
    "between": "Two words: what is near to both, by the smaller of the two cosines.",
    "pairs": "Some words: which two of them are nearest to each other.",
    "axis": "Pairs of opposites give a direction: see where other words lie on it, or between two of them.",
    "centre": "The words of a phrase: what is near to their mean.",
}
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "similarity": ("king queen", "dog cat", "france paris"),
    "odd": ("breakfast lunch dinner cereal", "king queen prince dog", "dog cat horse paris"),
    "between": ("dog cat", "king queen", "river sea"),
    "pairs": ("king queen dog cat france paris", "man woman king queen"),
    "axis": ("king queen prince princess doctor nurse", "king queen", "government people"),
    "centre": ("capital city", "young dog", "new government"),
}
AXES = ("ends", "across")
ENDS = ("he she", "man woman", "good bad", "north south")


@st.fragment
def questions(here: Desk, space: Space) -> None:
    """Show the section; a word that was clicked leads to another one."""
    if here.asked.section != "questions":
        st.rerun()
    key = here.key("question")
    before = here.asked.question
    st.session_state.setdefault(key, before)
    st.segmented_control(
        "Question",
        list(ABOUT),
        default=st.session_state[key],
        format_func=title_of,
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    here.change(question=st.session_state[key])
    st.caption(ABOUT[here.asked.question])
    _fields(here, space, fresh=here.asked.question != before)
    try:
        _answered(here, space)
    except LearnscopeError as error:
        st.warning(plain(str(error), 400), icon=":material/info:")
    write_link(here)


def _fields(here: Desk, space: Space, fresh: bool) -> None:
    """Draw the fields; under another question than before they begin with words that fit it."""
    names = ["words", *AXES] if here.asked.question == "axis" else ["words"]
    here.take(*names)
    if fresh or not here.asked.words.strip():
        here.put(words=_example(space, EXAMPLES[here.asked.question]))
    if "ends" in names and not here.asked.ends.strip():
        here.put(ends=_example(space, ENDS))
    for name in (*names[1:], "words"):
        here.widget(name)


def _example(space: Space, choices: tuple[str, ...]) -> str:
    """Return the first example of words that are all there, or else some frequent words."""
    fitting = (text for text in choices if all(word in space for word in text.split()))
    count = len(choices[0].split())
    middle = min(40, len(space) // 4)
    return next(fitting, " ".join(quoted(word) for word in space.words[middle : middle + count]))


def _answered(here: Desk, space: Space) -> None:
    asked = here.asked
    words = _once(asked.words)
    known = all_known(space, words, here.key("words"), functools.partial(_replace, here, "words"))
    for name in AXES if asked.question == "axis" else ():
        pairs = parse_pairs(getattr(asked, name)) if name == "ends" or getattr(asked, name).strip() else ()
        named = [word for pair in pairs for word in pair]
        known &= all_known(space, named, here.key(name), functools.partial(_replace, here, name))
    if known:
        ANSWERS[asked.question](here, space, words)


def _replace(here: Desk, name: str, word: str, other: str) -> None:
    text = getattr(here.asked, name)
    for written in (f'"{word}"', word):
        if written in text:
            here.put(**{name: text.replace(written, quoted(other), 1)})
            return


def _once(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parse_words(text)))
