"""All sweeps of this server: who asks for one is given the course of it, and who asks for the same, the very same.

What a sweep has found is kept for whoever asks again, until others have taken its place.
"""

import json
import logging
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Literal

from engine.errors import RunError, RunRefused
from engine.labs.sweep import Finding
from engine.runs.pool import Pool, WorkerProcess
from engine.spec import Spec

State = Literal["waiting", "going", "done", "failed"]
ENDED = "The process that trained these nets has ended before it was done: ask for them again."
NOT_STARTED = "These nets cannot be trained just now: try again in a minute."

log = logging.getLogger("learnscope.sweeps")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the sweep ``sweep`` of a lab, with a spec as JSON."""

    lab: str
    sweep: str
    spec: str

    @classmethod
    def of(cls, lab: str, sweep: str, spec: Spec) -> "Order":
        """Return the order of a sweep with ``spec``."""
        return cls(lab, sweep, spec.to_json())


@dataclass(frozen=True, slots=True)
class Course:
    """How far a sweep has come: ``findings`` of the first places, in their order; ``message`` says why it failed,
    ``ahead`` how many others come before one that waits.
    """

    state: State
    findings: tuple[Finding, ...] = ()
    message: str = ""
    ahead: int = 0

    @property
    def live(self) -> bool:
        """Tell whether there is more to come."""
        return self.state in ("waiting", "going")


@dataclass(slots=True, eq=False)
class _Going:
    """A sweep as it is kept here; ``owners`` are those who want it."""

    order: Order
    owners: set[str]
    state: State = "waiting"
    findings: list[Finding] = field(default_factory=list)
    message: str = ""
    process: WorkerProcess | None = None
    dropped: bool = False


class Sweeps:
    """Trains sweeps in processes of their own, ``at_once`` of them; safe to use from several threads.

    Everybody has one that goes on or waits: whoever asks for another leaves it, and where nobody else wants it, it is
    ended. At most ``most_waiting`` wait, and ``most_kept`` that are over are kept.
    """

    def __init__(self, pool: Pool, at_once: int = 2, most_waiting: int = 40, most_kept: int = 60) -> None:
        self._pool = pool
        self._at_once, self._most_waiting, self._most_kept = at_once, most_waiting, most_kept
        self._lock = threading.RLock()
        self._kept: OrderedDict[Order, _Going] = OrderedDict()
        self._closed = False

    def ask(self, order: Order, owner: str) -> Course:
        """Return the course of a sweep, begun if need be; raises RunRefused where there is no room."""
        with self._lock:
            if self._closed:
                raise RunRefused("The server is ending: nothing can be trained any more.")
            self._leave_all(owner, but=order)
            found = self._kept.get(order)
            if found is None or found.state == "failed":
                if sum(one.state == "waiting" for one in self._kept.values()) >= self._most_waiting:
                    raise RunRefused(f"{self._most_waiting} others wait to have nets trained: try again in a minute.")
                self._kept.pop(order, None)
                found = self._kept[order] = _Going(order, set())
            if found.state == "done":
                self._kept.move_to_end(order)  # it is forgotten last
            found.owners.add(owner)
            self._begin()
            return self._course(found)

    def course(self, order: Order) -> Course | None:
        """Return how far a sweep has come; None if nobody has asked for it, or it was ended."""
        with self._lock:
            found = self._kept.get(order)
            return self._course(found) if found else None

    def leave(self, order: Order, owner: str) -> None:
        """Take note that somebody does not want a sweep any more; it ends where nobody else does."""
        with self._lock:
            self._leave(self._kept.get(order), owner)
            self._begin()

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            self._closed = True
            for one in list(self._kept.values()):
                self._drop(one)

    def _leave_all(self, owner: str, but: Order) -> None:
        for one in list(self._kept.values()):
            if one.order != but and owner in one.owners:
                self._leave(one, owner)

    def _leave(self, one: _Going | None, owner: str) -> None:
        if one is None or owner not in one.owners:
            return
        one.owners.discard(owner)
        if not one.owners and one.state in ("waiting", "going"):
            self._drop(one)

    def _drop(self, one: _Going) -> None:
        one.dropped = True
        if self._kept.get(one.order) is one:
            del self._kept[one.order]
        if one.process is not None and one.state == "going":
            with suppress(RunError):
                self._pool.kill(one.process)

    def _begin(self) -> None:
        """Begin those that have waited longest, as far as there is room; forget the oldest of those that are over."""
        going = sum(one.state == "going" for one in self._kept.values())
        waiting = self._waiting()
        for one in waiting[: max(0, self._at_once - going)]:
            one.state = "going"
            threading.Thread(target=self._follow, args=(one,), name="learnscope-sweep", daemon=True).start()
        over = [one for one in self._kept.values() if one.state in ("done", "failed")]
        for one in over[: max(0, len(over) - self._most_kept)]:
            del self._kept[one.order]

    def _waiting(self) -> list[_Going]:
        return [one for one in self._kept.values() if one.state == "waiting"]

    def _course(self, one: _Going) -> Course:
        ahead = self._waiting().index(one) if one.state == "waiting" else 0
        return Course(one.state, tuple(one.findings), one.message, ahead)

    def _follow(self, one: _Going) -> None:
        """Start the process of a sweep and take in all that it says, in a thread of its own."""
        try:
            process = self._pool.start_sweep(one.order.lab, one.order.sweep, one.order.spec)
            with self._lock:
                one.process = process
                if one.dropped:
                    self._pool.kill(process)
            self._listen(one, Connection(process.connection.detach()))
        except RunError as error:
            self._end(one, "failed", str(error))
        except OSError as error:  # as where no descriptor is free: others are to have this one's place
            log.error("a sweep could not be started: %s", error)
            self._end(one, "failed", NOT_STARTED)

    def _listen(self, one: _Going, link: Connection) -> None:
        with link:
            try:
                while True:
                    message = json.loads(link.recv_bytes())
                    if "finding" in message:
                        with self._lock:
                            one.findings.append(message["finding"])
                    else:
                        self._end(one, "failed" if "failed" in message else "done", message.get("failed", ""))
                        return
            except (EOFError, OSError):
                self._end(one, "failed", ENDED)

    def _end(self, one: _Going, state: State, message: str) -> None:
        with self._lock:
            if not one.dropped:
                one.state, one.message = state, message
                self._kept.move_to_end(one.order)
            if not self._closed:
                self._begin()
