"""What the address bar of a browser says, and whether that is news to a page or came from the page itself.

A browser says its address with each request. A slow one still says an old address long after the page wrote another,
so that an address alone does not tell whether somebody went back to it.
"""

from collections import deque
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_KEPT = 50
_SLOT = "learnscope.arrivals"


def arrive(page: str) -> None:
    """Take note of which page is on show; comes before every page."""
    shown, arrivals = st.session_state.get(_SLOT, ("", 0))
    if page != shown:
        st.session_state[_SLOT] = page, arrivals + 1


def went_back() -> bool:
    """Tell whether this run of the page was asked for by the browser's back or forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


class Known:
    """What a page has read from the address or written there, since somebody came to the page."""

    __slots__ = ("_arrivals", "_values")

    def __init__(self) -> None:
        self._values: deque[Any] = deque(maxlen=MOST_KEPT)
        self._arrivals = 0

    def is_news(self, value: Any) -> bool:
        """Tell whether somebody else than the page put ``value`` there: a link, or the browser's back and forward."""
        if not value or (self._values and value == self._values[-1]):
            return False
        return self._arrivals != _arrivals() or value not in self._values or went_back()

    def keep(self, value: Any) -> None:
        """Take note that the page has read ``value``, or has written it."""
        if self._arrivals != _arrivals():
            self._arrivals = _arrivals()
            self._values.clear()
        if not self._values or value != self._values[-1]:
            self._values.append(value)


def _arrivals() -> int:
    return st.session_state.get(_SLOT, ("", 0))[1]
