"""What an address asks of a lab: a spec that can be opened, and one notice of all that was left out of it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.errors import DataError
from engine.labs.lab import Lab
from engine.spec import Ignored, Spec, unfitting

MOST_NAMED = 5
MOST_CHARS = 40
MOST_TOLD = 200
OUTSIDE = (("target",), ("upload", "dataset"))
"""Settings that speak of a table, which may not be here, or not be as the link means: in this order they give way."""
WHY = {
    "unknown": "for their names or values are not known here",
    "together": "for they do not fit together",
}


def read_link(lab: Lab, address: Mapping[str, str]) -> tuple[Spec, str]:
    """Return the spec that an address names and a notice, which is empty where all of it could be used."""
    spec, ignored = lab.spec.from_link(address)
    spec, ignored = _without(lab, address, ignored, [setting.name for setting in unfitting(spec)])
    told = ""
    for names in OUTSIDE:
        problem = _problem(lab, spec)
        # What the form can mend (no table yet) is left to it: only what the link names is taken back.
        if problem and names[0] in spec.to_link():
            told = problem[:MOST_TOLD]
            spec, ignored = _without(lab, address, ignored, names)
    return spec, " ".join(sentence for sentence in (*_ignored(ignored), told) if sentence)


def given_twice() -> str:
    """Return a notice of the names that the page's address gives more than once."""
    twice = [name for name in st.query_params if len(st.query_params.get_all(name)) > 1]
    return f"Given more than once in this link, so the last one counts: {_named(twice)}." if twice else ""


def _without(
    lab: Lab, address: Mapping[str, str], ignored: Sequence[Ignored], names: Sequence[str]
) -> tuple[Spec, tuple[Ignored, ...]]:
    """Return the spec of an address without some of its names, and all that is ignored now."""
    gone = {part.name: part for part in ignored} | {name: Ignored(name, "unknown") for name in names if name in address}
    spec, more = lab.spec.from_link({name: text for name, text in address.items() if name not in gone})
    return spec, (*gone.values(), *more)


def _problem(lab: Lab, spec: Spec) -> str:
    """Return why a lab cannot be opened with ``spec``, or nothing."""
    try:
        lab.panels(spec)
    except DataError as error:
        return str(error)
    return ""


def _ignored(ignored: Sequence[Ignored]) -> list[str]:
    by_reason = {why: [part.name for part in ignored if part.why == why] for why in WHY}
    return [f"Ignored in this link, {WHY[why]}: {_named(names)}." for why, names in by_reason.items() if names]


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(name[:MOST_CHARS] for name in names[:MOST_NAMED]) + more
