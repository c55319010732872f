"""Who controls which run of this server: one helm for each run that somebody looks at, safe in several threads.

All of it is in the memory of this one server, as the live runs are. After a restart each run is with its owner again.
"""

import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from engine.runs.helm import AWAY_SECONDS, Browser, Helm
from engine.runs.watch import Notify

MARGIN_SECONDS = 0.05
Later = Callable[[float, Callable[[], None]], None]


class Controls:
    """All helms. ``later(seconds, act)`` has something done after a while, in whatever thread."""

    def __init__(self, later: Later, clock: Callable[[], float] = time.monotonic) -> None:
        self._later = later
        self._clock = clock
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._helms: dict[str, Helm] = {}
        self._seats: dict[str, set[Seat]] = {}

    def join(self, run_id: str, browser: Browser, notify: Notify) -> "Seat":
        """Let a browser look at a run; ``notify`` is called when what it is to know of control has changed."""
        seat = Seat(self, run_id, browser, notify)
        with self._lock:
            helm = self._helms.setdefault(run_id, Helm(self._salt, self._clock))
            helm.come(browser)
            self._seats.setdefault(run_id, set()).add(seat)
        self._tell(run_id)
        return seat

    def allows(self, run_id: str, browser: Browser) -> bool:
        """Tell whether the page in a browser, which may have no seat yet, may change a run now."""
        with self._lock:
            helm = self._helms.get(run_id)
            return browser.owns if helm is None else helm.allows(browser)

    def view(self, seat: "Seat") -> dict[str, Any]:
        """Return what a seat is to know now."""
        with self._lock:
            return self._helms[seat.run].view(seat.browser)

    def act(self, seat: "Seat", action: str, to: str) -> None:
        """Carry out a request about control; raises RunRefused."""
        with self._lock:
            self._helms[seat.run].act(seat.browser, action, to)
        self._tell(seat.run)

    def check(self, seat: "Seat") -> None:
        """Raise RunRefused where a command of this seat is not to be carried out."""
        with self._lock:
            self._helms[seat.run].check(seat.browser)

    def leave(self, seat: "Seat") -> None:
        """Give a seat up."""
        with self._lock:
            seats = self._seats.get(seat.run, set())
            if seat not in seats:
                return
            seats.discard(seat)
            self._helms[seat.run].go(seat.browser)
            self._forget(seat.run)
            waits = seat.run in self._helms and self._helms[seat.run].away
        self._tell(seat.run)
        if waits:
            self._later(AWAY_SECONDS + MARGIN_SECONDS, lambda: self._settle(seat.run))

    def _settle(self, run_id: str) -> None:
        with self._lock:
            helm = self._helms.get(run_id)
            moved = helm is not None and helm.settle()
            self._forget(run_id)
        if moved:
            self._tell(run_id)

    def _forget(self, run_id: str) -> None:
        if run_id in self._helms and self._helms[run_id].empty:
            del self._helms[run_id]
            self._seats.pop(run_id, None)

    def _tell(self, run_id: str) -> None:
        with self._lock:
            seats = tuple(self._seats.get(run_id, ()))
        for seat in seats:
            seat.notify()


class Seat:
    """One connection of a browser to a run; ``news`` and ``close`` are called by one thread at a time."""

    def __init__(self, controls: Controls, run_id: str, browser: Browser, notify: Notify) -> None:
        self.run = run_id
        self.browser = browser
        self.notify = notify
        self._controls = controls
        self._told: dict[str, Any] | None = None

    def news(self) -> dict[str, Any] | None:
        """Return who controls the run, as this browser is to know it, where that is not as it was told last."""
        view = self._controls.view(self)
        if view == self._told:
            return None
        self._told = view
        return view

    def act(self, action: str, to: str = "") -> None:
        """Ask for control, give it, ...: one of ``engine.runs.helm.ACTIONS``; raises RunRefused."""
        self._controls.act(self, action, to)

    def check(self) -> None:
        """Raise RunRefused where a command of this browser is not to be carried out now."""
        self._controls.check(self)

    def close(self) -> None:
        """Look no longer."""
        self._controls.leave(self)
