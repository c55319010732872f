"""Scores: how many analogies a space answers, and how far it agrees with people about pairs of words."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.words.scoring import score_order
from engine.words.space import Space
from pages.ui.notes import READABLE
from pages.ui.text import plain
from pages.ui.words.jobs import result_of
from pages.ui.words.ranked import Row, number, ranked
from pages.ui.words.room import words
from pages.ui.words.slot import Desk
from pages.ui.words.suites import ABOUT, choose_suite, offered
from pages.ui.words.taking import offer

FEW = 0.5
"""Where more than this share of a suite is unknown, its score is of the rest alone, and that is said."""


def scores(here: Desk, space: Space) -> None:
    """Show the section."""
    suite = choose_suite(here, offered([space]))
    st.markdown(ABOUT[suite], width=READABLE)
    if here.folder is None:
        return
    result = result_of(
        here, words().scores, score_order(here.folder, suite), "Ask this suite", "Asking the suite", "words.score"
    )
    if result is not None:
        (_analogies if "sections" in result else _likeness)(here, space, result)


def _analogies(here: Desk, space: Space, result: Mapping[str, Any]) -> None:
    *sections, (_, correct, asked, skipped) = result["sections"]
    if not asked:
        st.info(f"None of the {skipped:,} analogies has all its words in this space.", icon=":material/info:")
        return
    left, right = st.columns([1, 3])
    left.metric("Right answers", f"{correct / asked:.1%}")
    chance = f"An answer by chance is right once in {len(space):,}."
    right.markdown(f"{correct:,} of {asked:,} analogies are answered rightly. {chance}")
    _tell_skipped(skipped, asked + skipped)
    rows = [
        Row(
            name,
            f"{good / of:.1%}" if of else "–",
            (0.0, good / of if of else 0.0),
            (f"{good:,}", f"{of:,}", f"{no:,}"),
        )
        for name, good, of, no in sections
    ]
    ranked(
        rows,
        title="Accuracy by section",
        columns=["Section", "Accuracy", "Right", "Asked", "Left out"],
        key="words.scores.sections",
    )
    names = ("section", "correct", "asked", "skipped")
    offer(here, f"words-{here.asked.suite}", [dict(zip(names, one, strict=True)) for one in result["sections"]])


def _likeness(here: Desk, _space: Space, result: Mapping[str, Any]) -> None:
    told = {"Spearman": result["spearman"], "Pearson": result["pearson"]}
    places = st.columns(3)
    for place, (name, value) in zip(places, told.items(), strict=False):
        place.metric(name, "–" if value is None else number(value))
    places[2].metric("Pairs", f"{result['pairs']:,}")
    st.markdown(
        "Spearman's correlation compares the order alone: 1 where the cosines put the pairs in the order in which "
        "people do, 0 where they have nothing to do with each other.",
        width=READABLE,
    )
    pairs = result["pairs"]
    _tell_skipped(round(pairs * result["unknown"] / max(1e-9, 1 - result["unknown"])), 0, share=result["unknown"])
    offer(here, f"words-{here.asked.suite}", [dict(result)])


def _tell_skipped(skipped: int, of: int, share: float | None = None) -> None:
    """Say how much of a suite could not be asked."""
    share = skipped / of if share is None else share
    if not skipped:
        return
    said = f"{skipped:,} more ({share:.0%}) have a word that is not in this space, and do not count."
    if share > FEW:
        st.warning(plain(f"{said} The score is of the easier, more frequent part."), icon=":material/info:")
    else:
        st.caption(plain(said))
