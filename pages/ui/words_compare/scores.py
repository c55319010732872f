"""Scores: the same suite asked of all spaces, with intervals, and whether they differ by more than chance."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.figures.spaces import Dots, dots
from engine.words.compare.work import order
from pages.ui.notes import READABLE
from pages.ui.words.suites import ABOUT, SUITES, choose_suite, offered
from pages.ui.words_compare.chart import between, chart, numbers, share, signed
from pages.ui.words_compare.comparing import compared
from pages.ui.words_compare.slot import Desk
from pages.ui.words_compare.spaces import Opened, folders

TOTAL = "all together"
INTERVALS = (
    "Bars are 95% intervals: so far the score would stray with as many other questions. Of analogies they are too "
    "narrow, as questions with a pair in common stand and fall together; the differences below draw whole pairs anew."
)


def scores(here: Desk, spaces: Sequence[Opened]) -> None:
    """Show the section."""
    suite = choose_suite(here, offered([one.space for one in spaces]))
    st.markdown(ABOUT[suite], width=READABLE)
    wanted = order("suites_work:score", folders(spaces), suite=suite)
    result = compared(here, wanted, f"Asking {SUITES[suite]}")
    if result is None:
        return
    (_analogies if "sections" in result["spaces"][0] else _likeness)(here, spaces, suite, result)


def _analogies(here: Desk, spaces: Sequence[Opened], suite: str, result: Mapping[str, Any]) -> None:
    told = [one["sections"] for one in result["spaces"]]
    with st.container(horizontal=True):
        for one, sections in zip(spaces, told, strict=True):
            total = sections[-1]
            st.metric(f"{one.letter}: right answers", share(total["accuracy"]), border=True)
    for one, sections in zip(spaces, told, strict=True):
        _tell_left_out(one, sections[-1])
    asked = [place for place in range(len(told[0])) if any(sections[place]["asked"] for sections in told)]
    if not asked:
        return
    names = [TOTAL if place == len(told[0]) - 1 else told[0][place]["name"] for place in asked]
    series = [
        Dots(
            one.name,
            [sections[place]["accuracy"] for place in asked],
            [tuple(sections[place]["interval"]) for place in asked],
        )
        for one, sections in zip(spaces, told, strict=True)
    ]
    figure = dots(names, series, "share of right answers", (-0.02, 1.02))
    summary = ", ".join(
        f"{one.name} {share(sections[-1]['accuracy'])}" for one, sections in zip(spaces, told, strict=True)
    )
    chart(figure, f"Right answers by section: {summary} in all. The table below has all numbers.", "scores")
    st.caption(INTERVALS)
    for one in result["differences"]:
        _tell_analogies(spaces[one["first"]], spaces[one["second"]], one["found"])
    rows = [
        {"section": name}
        | {
            f"{one.letter} {what}": sections[place][what]
            for one, sections in zip(spaces, told, strict=True)
            for what in ("accuracy", "correct", "asked", "skipped")
        }
        for place, name in zip(asked, names, strict=True)
    ]
    numbers(here, suite, rows, figure, f"{SUITES[suite]}: right answers")


def _tell_left_out(one: Opened, total: Mapping[str, Any]) -> None:
    """Say how many questions a space could not be asked."""
    if not total["asked"]:
        st.info(
            f"None of the {total['skipped']:,} analogies has all its words in {one.letter}.", icon=":material/info:"
        )
    elif total["skipped"]:
        st.caption(
            f"{one.letter} was asked {total['asked']:,}; {total['skipped']:,} more have a word that it does not know."
        )


def _tell_analogies(first: Opened, second: Opened, found: Sequence[Mapping[str, Any]]) -> None:
    """Say whether two spaces differ by more than chance, in all questions that both know and in each section."""
    *sections, total = found
    if not total["asked"]:
        st.markdown(f"**{first.letter} and {second.letter}** have no question in common.")
        return
    gain = (total["correct"][1] - total["correct"][0]) / total["asked"]
    beyond = [
        f"{one['name']} ({second.letter if one['correct'][1] > one['correct'][0] else first.letter} is better)"
        for one in sections
        if one["beyond_chance"]
    ]
    more = f" In single sections they differ: {', '.join(beyond)}." if beyond else ""
    st.markdown(
        f"**{first.letter} and {second.letter}**, on the {total['asked']:,} questions that both know: "
        f"{second.letter} is {_points(100 * gain)} {first.letter} (95% interval {_interval(total['interval'])}). "
        f"{_verdict(total['beyond_chance'])}{more}",
        width=READABLE,
    )


def _points(gain: float) -> str:
    return f"{signed(abs(gain), 1)} points {'above' if gain >= 0 else 'below'}"


def _interval(interval: Sequence[float | None]) -> str:
    return between([None if end is None else 100 * end for end in interval], 1)


def _verdict(beyond: bool) -> str:
    return "That is more than chance." if beyond else "That may be chance."


def _likeness(here: Desk, spaces: Sequence[Opened], suite: str, result: Mapping[str, Any]) -> None:
    told = result["spaces"]
    with st.container(horizontal=True):
        for one, found in zip(spaces, told, strict=True):
            value = found["spearman"]
            st.metric(f"{one.letter}: Spearman", "–" if value is None else signed(value, 3), border=True)
    st.markdown(
        "Spearman's correlation compares the order alone: 1 where the cosines put the pairs in the order in which "
        "people do, 0 where they have nothing to do with each other.",
        width=READABLE,
    )
    for one, found in zip(spaces, told, strict=True):
        st.caption(
            f"{one.letter} knows {found['pairs']:,} of the {found['pairs'] + found['unknown']:,} pairs of words."
        )
    series = [
        Dots(one.name, [found["spearman"]], [tuple(found["interval"])]) for one, found in zip(spaces, told, strict=True)
    ]
    figure = dots([SUITES[suite]], series, "Spearman's correlation", (-1, 1))
    summary = ", ".join(
        f"{one.name} {'unknown' if found['spearman'] is None else format(found['spearman'], '.3f')}"
        for one, found in zip(spaces, told, strict=True)
    )
    chart(figure, f"Spearman's correlation with people: {summary}. The table below has all numbers.", "scores")
    st.caption("Bars are 95% intervals.")
    for one in result["differences"]:
        _tell_likeness(spaces[one["first"]], spaces[one["second"]], one["found"])
    rows = [
        {
            "space": one.name,
            "Spearman": found["spearman"],
            "from": found["interval"][0],
            "to": found["interval"][1],
            "pairs": found["pairs"],
        }
        for one, found in zip(spaces, told, strict=True)
    ]
    numbers(here, suite, rows, figure, f"{SUITES[suite]}: Spearman's correlation")


def _tell_likeness(first: Opened, second: Opened, found: Mapping[str, Any] | None) -> None:
    if found is None:
        st.markdown(f"**{first.letter} and {second.letter}** have too few pairs in common to be told apart.")
        return
    a, b = found["spearman"]
    st.markdown(
        f"**{first.letter} and {second.letter}**, on the {found['pairs']:,} pairs that both know: {signed(a, 3)} and "
        f"{signed(b, 3)}; the second less the first lies in {between(found['interval'])}. "
        f"{_verdict(found['beyond_chance'])}",
        width=READABLE,
    )
