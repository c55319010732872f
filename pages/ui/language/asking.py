"""Questions to the language model of a run: asked by a button, answered meanwhile, cancelled at will."""

import functools
import json
import time
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.asking import Question
from engine.errors import LearnscopeError
from engine.frames import decode
from engine.runs.run import Run
from pages.ui.house import hub
from pages.ui.text import plain
from pages.ui.words.watching import watch

QUICK = 1.0
"""Seconds that the page waits for an answer itself."""
FAULT = "The net cannot be asked just now: try again."
CANCELLED = "You have cancelled it."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is not answered yet, of a ``run``, since ``began`` seconds of a clock that only goes forward."""

    run: str
    future: Future[bytes]
    began: float


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, of the net of ``run`` at a ``step``; or, where ``fault`` says why, none."""

    run: str
    step: int
    what: Any
    fault: str = ""


def ask(key: str, run: Run, step: int | None, question: Question) -> None:
    """Ask the net of ``run`` as it is at ``step``, None for now; an earlier question is dropped."""
    drop(key)
    try:
        future = hub().ask(run, question, step)
    except LearnscopeError as error:
        future = Future()
        future.set_exception(error)
    st.session_state[_asked(key)] = Asked(run.id, future, time.monotonic())


def told(key: str, run: Run) -> Told | None:
    """Return what the net of ``run`` has answered, if it has; while it has not, tell how long it takes."""
    asked: Asked | None = st.session_state.get(_asked(key))
    if asked is not None and asked.run != run.id:
        drop(key)
    elif asked is not None and not _taken(key, asked):
        watch(functools.partial(_going, key))
        return None
    found: Told | None = st.session_state.get(_told(key))
    if found is None or found.run != run.id:
        return None
    if found.fault:
        st.warning(plain(found.fault, 400), icon=":material/info:")
        return None
    return found


def drop(key: str) -> None:
    """Forget a question that is not answered yet."""
    asked: Asked | None = st.session_state.pop(_asked(key), None)
    if asked is not None:
        asked.future.cancel()


def _taken(key: str, asked: Asked) -> bool:
    """Take an answer in; tell whether there is one, or never will be."""
    try:
        message = decode(asked.future.result(QUICK))
        if "error" in message.header:
            raise LearnscopeError(str(message.header["error"]))
        found = Told(asked.run, int(message.header["step"]), json.loads(message.header["words"]["told"]))
    except TimeoutError:
        return False
    except CancelledError:
        found = Told(asked.run, 0, None, FAULT)
    except LearnscopeError as error:
        found = Told(asked.run, 0, None, str(error))
    st.session_state[_told(key)] = found
    st.session_state.pop(_asked(key), None)
    return True


def _going(key: str) -> bool:
    asked: Asked | None = st.session_state.get(_asked(key))
    if asked is None or asked.future.done():
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"The net is asked: {time.monotonic() - asked.began:.0f} s so far.", width="content")
        st.button("Cancel", icon=":material/stop:", on_click=_cancel, args=(key, asked.run), key=f"{key}-cancel")
    return True


def _cancel(key: str, run: str) -> None:
    drop(key)
    st.session_state[_told(key)] = Told(run, 0, None, CANCELLED)


def _asked(key: str) -> str:
    return f"{key}.asked"


def _told(key: str) -> str:
    return f"{key}.told"
