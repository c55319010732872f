"""Which forward pass a page shows: of the image looked at, at one step of the run, until another is asked for."""

import functools
import time
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

import streamlit as st

from engine.asking import Question
from engine.errors import LearnscopeError
from engine.frames import decode
from engine.nets.images.forward_pass import ForwardPass
from engine.nets.images.graph import Graph
from engine.runs.run import Run
from pages.ui.desk import telling
from pages.ui.desk.slot import Desk, current
from pages.ui.house import hub
from pages.ui.images.follow_kept import PASSES
from pages.ui.text import plain
from pages.ui.words.watching import watch

QUICK = 1.0
"""Seconds that the page waits for an answer itself: a net that goes on takes a few hundredths."""
EVERY = 1.0
"""Seconds between two looks at where the run stands."""
FAULT = "The net cannot be asked just now: try again."


@dataclass(frozen=True, slots=True)
class About:
    """What is asked: of which run, about which image held out. ``step`` None is that of the net as it is now;
    ``changes`` is how often the run had been changed then.
    """

    run: str
    image: int
    step: int | None
    changes: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is not answered yet, since ``began`` seconds of a clock that only goes forward."""

    about: About
    future: Future[bytes]
    began: float


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer: the net of ``step``, kept by its ``number``."""

    about: About
    step: int
    number: int


def shown_pass(here: Desk, run: Run, key: str) -> tuple[int, ForwardPass] | None:
    """Return the forward pass that the page shows, with a number of its own, and offer that of another step; None while
    there is none.
    """
    desired = _desired(here, run)
    asked: Asked | None = st.session_state.get(_asked(key))
    if asked is not None and not _same(asked.about, desired):
        _drop(key)
        asked = None
    if asked is None and (about := _due(key, run, desired)) is not None:
        _ask(key, run, about)
        asked = st.session_state[_asked(key)]
    if asked is not None and not _answered(key, asked):
        watch(functools.partial(_going, key))
    taken: Taken | None = st.session_state.get(_taken(key))
    found = PASSES.get(taken.number) if taken is not None and _same(taken.about, desired) else None
    _failed(key, run, desired)
    if found is None or taken is None:
        return None
    _stands(here, key, taken, live=run.live)
    return taken.number, found


def _desired(here: Desk, run: Run) -> About:
    """Return what the panels show now."""
    image = getattr(here.spec, "image", 0)
    return About(run.id, image, telling.step_shown(here, run), len(hub().changes(run.id)))


def _same(one: About, other: About) -> bool:
    return (one.run, one.image) == (other.run, other.image)


def _due(key: str, run: Run, desired: About) -> About | None:
    """Return what is to be asked without a click: where nothing is shown of this image and run; and of a net that holds
    still, which answers at once, whenever it stands elsewhere.
    """
    failed = st.session_state.get(_failure(key))
    if failed and _same(failed[0], desired):
        return None
    taken: Taken | None = st.session_state.get(_taken(key))
    if taken is None or not _same(taken.about, desired):
        return desired
    if PASSES.get(taken.number) is None:
        return About(desired.run, desired.image, taken.step, desired.changes)
    still = run.live and run.state != "running" and desired.step is None
    return desired if still and (run.step != taken.step or desired.changes != taken.about.changes) else None


def _ask(key: str, run: Run, about: About) -> None:
    st.session_state.pop(_failure(key), None)
    try:
        future = hub().ask(run, Question("forward", {"image": about.image}), about.step)
    except LearnscopeError as error:
        future = Future()
        future.set_exception(error)
    st.session_state[_asked(key)] = Asked(about, future, time.monotonic())


def _answered(key: str, asked: Asked) -> bool:
    """Take an answer in; tell whether there is one, or never will be."""
    try:
        message = decode(asked.future.result(QUICK))
        if "error" in message.header:
            raise LearnscopeError(str(message.header["error"]))
        found = ForwardPass.of(Graph.from_json(message.header["words"]["graph"]), message.arrays)
        st.session_state[_taken(key)] = Taken(asked.about, int(message.header["step"]), PASSES.put(found))
    except TimeoutError:
        return False
    except CancelledError:
        st.session_state[_failure(key)] = (asked.about, FAULT)
    except LearnscopeError as error:
        st.session_state[_failure(key)] = (asked.about, str(error))
    st.session_state.pop(_asked(key), None)
    return True


def _going(key: str) -> bool:
    """Tell how long the question has taken; a step of long ago is walked to, from a checkpoint before it."""
    asked: Asked | None = st.session_state.get(_asked(key))
    if asked is None or asked.future.done():
        return False
    of = "now" if asked.about.step is None else f"at step {asked.about.step:,}"
    seconds = time.monotonic() - asked.began
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"The net as it is {of} is asked for its numbers: {seconds:.0f} s so far.", width="content")
        st.button("Cancel", icon=":material/stop:", on_click=_cancel, args=(key,), key=f"{key}-cancel")
    return True


def _cancel(key: str) -> None:
    asked: Asked | None = st.session_state.get(_asked(key))
    if asked is not None:
        st.session_state[_failure(key)] = (asked.about, "You have cancelled it.")
    _drop(key)


def _drop(key: str) -> None:
    asked: Asked | None = st.session_state.pop(_asked(key), None)
    if asked is not None:
        asked.future.cancel()


def _failed(key: str, run: Run, desired: About) -> None:
    failed = st.session_state.get(_failure(key))
    if not failed or not _same(failed[0], desired):
        return
    st.warning(plain(failed[1], 400), icon=":material/info:")
    again = "Ask again", ":material/refresh:"
    st.button(again[0], icon=again[1], on_click=_ask_again, args=(key, run, desired), key=f"{key}-again")


def _stands(here: Desk, key: str, taken: Taken, *, live: bool) -> None:
    """Say which step is shown, and offer the one that the panels show; the page hears of a run that goes on only where
    it asks, so it looks now and then. A net that comes to hold still is followed there.
    """
    seen: list[bool] = []

    def looked() -> None:
        run = current(here)
        if run is None:
            return
        desired = _desired(here, run)
        _stand(run, key, taken, desired)
        if seen and _due(key, run, desired) is not None:
            st.rerun()
        seen.append(True)

    st.fragment(looked, run_every=EVERY if live else None)()


def _stand(run: Run, key: str, taken: Taken, desired: About) -> None:
    trains = run.state == "running" and desired.step is None
    step = run.step if desired.step is None else desired.step
    there = step == taken.step or (desired.step is not None and desired.step == taken.about.step)
    with st.container(horizontal=True, vertical_alignment="center"):
        told = f"Image {taken.about.image} of those held out, at **step {taken.step:,}**."
        if trains:
            told += f" The net trains on, and is at step {step:,} now; this here holds still."
        st.markdown(told, width="content")
        if not there:
            label = "Take the newest step" if trains else f"Take step {step:,}, which the panels show"
            if st.button(label, icon=":material/update:", key=f"{key}-newest"):
                _ask_again(key, run, desired)
                st.rerun()


def _ask_again(key: str, run: Run, about: About) -> None:
    _drop(key)
    _ask(key, run, about)


def _asked(key: str) -> str:
    return f"{key}.asked"


def _taken(key: str) -> str:
    return f"{key}.taken"


def _failure(key: str) -> str:
    return f"{key}.failed"
