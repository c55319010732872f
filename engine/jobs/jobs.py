"""All jobs of one sort on this server: who asks for one is given its course, and who asks for the same, the very same.

What has come of a job is kept for whoever asks again, until others have taken its place.
"""

import json
import logging
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from engine.errors import RunError, RunRefused
from engine.jobs.job import Course, Order, Process, Progress, Starter, State, Told

ENDED = "The process that worked on this has ended before it was done: ask for it again."
NOT_STARTED = "This cannot be begun just now: try again in a minute."

log = logging.getLogger("learnscope.jobs")


@dataclass(slots=True, eq=False)
class _Job:
    """A job as it is kept here; ``owners`` are those who want it, ``seen`` is when somebody last looked at it."""

    order: Order
    owners: set[str]
    state: State = "waiting"
    progress: Progress | None = None
    findings: list[Told] = field(default_factory=list)
    result: Told | None = None
    message: str = ""
    process: Process | None = None
    dropped: bool = False
    seen: float = field(default_factory=time.monotonic)


class Jobs:
    """Has orders carried out in processes that ``starter`` starts, ``at_once`` of them; may be used by many threads.

    Everybody has one that goes on or waits: whoever asks for another leaves it, and where nobody else wants it, it is
    ended. At most ``most_waiting`` wait, and ``most_kept`` that are over are kept. One that waits and at which nobody
    has looked for ``patience`` seconds is given up: those who asked for it have gone, and others wait behind it.
    """

    def __init__(
        self, starter: Starter, at_once: int = 2, most_waiting: int = 40, most_kept: int = 60, patience: float = 300.0
    ) -> None:
        self._starter, self._patience = starter, patience
        self._at_once, self._most_waiting, self._most_kept = at_once, most_waiting, most_kept
        self._lock = threading.RLock()
        self._kept: OrderedDict[Order, _Job] = OrderedDict()
        self._closed = False

    def ask(self, order: Order, owner: str) -> Course:
        """Return the course of an order, begun if need be; raises RunRefused where there is no room."""
        with self._lock:
            if self._closed:
                raise RunRefused("The server is ending: nothing can be begun any more.")
            self._give_up()
            found = self._kept.get(order)
            if found is None or found.state == "failed":
                if sum(one.owners != {owner} for one in self._waiting()) >= self._most_waiting:
                    raise RunRefused(f"{self._most_waiting} others wait for their turn: try again in a minute.")
                self._kept.pop(order, None)
                found = self._kept[order] = _Job(order, set())
            if found.state == "done":
                self._kept.move_to_end(order)  # it is forgotten last
            self._leave_all(owner, but=order)
            found.owners.add(owner)
            self._begin()
            return self._course(found)

    def course(self, order: Order) -> Course | None:
        """Return how far an order has come; None if nobody has asked for it, or it was ended."""
        with self._lock:
            found = self._kept.get(order)
            if found is not None:
                found.seen = time.monotonic()
            return self._course(found) if found else None

    def leave(self, order: Order, owner: str) -> None:
        """Take note that somebody does not want an order any more; it ends where nobody else does."""
        with self._lock:
            self._leave(self._kept.get(order), owner)
            self._begin()

    def forget(self, order: Order) -> None:
        """Forget what has come of an order that is over, so that whoever asks for it has it done anew."""
        with self._lock:
            found = self._kept.get(order)
            if found is not None and found.state in ("done", "failed"):
                del self._kept[order]

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

    def _leave(self, one: _Job | None, owner: str) -> None:
        if one is None or owner not in one.owners:
            return
        one.owners.discard(owner)
        if not one.owners and one.state in ("waiting", "going"):
            self._drop(one)

    def _drop(self, one: _Job) -> None:
        one.dropped = True
        if self._kept.get(one.order) is one:
            del self._kept[one.order]
        if one.process is not None and one.state == "going":
            with suppress(RunError):
                self._starter.kill(one.process)

    def _give_up(self) -> None:
        """Drop those that wait and at which nobody looks any more."""
        for one in self._waiting():
            if time.monotonic() - one.seen > self._patience:
                self._drop(one)

    def _begin(self) -> None:
        """Begin those that have waited longest, as far as there is room; forget the oldest of those that are over."""
        self._give_up()
        going = sum(one.state == "going" for one in self._kept.values())
        for one in self._waiting()[: max(0, self._at_once - going)]:
            one.state = "going"
            threading.Thread(target=self._follow, args=(one,), name="learnscope-job", daemon=True).start()
        over = [one for one in self._kept.values() if one.state in ("done", "failed")]
        for one in over[: max(0, len(over) - self._most_kept)]:
            del self._kept[one.order]

    def _waiting(self) -> list[_Job]:
        return [one for one in self._kept.values() if one.state == "waiting"]

    def _course(self, one: _Job) -> Course:
        ahead = self._waiting().index(one) if one.state == "waiting" else 0
        return Course(one.state, one.progress, tuple(one.findings), one.result, one.message, ahead)

    def _follow(self, one: _Job) -> None:
        """Start the process of a job and take in all that it says, in a thread of its own."""
        try:
            process = self._starter.start(one.order)
            with self._lock:
                one.process = process
                if one.dropped:
                    self._starter.kill(process)
            self._listen(one, Connection(process.connection.detach()))
        except RunError as error:
            self._end(one, "failed", message=str(error))
        except OSError as error:  # as where no descriptor is free: others are to have this one's place
            log.error("a job could not be started: %s", error)
            self._end(one, "failed", message=NOT_STARTED)

    def _listen(self, one: _Job, link: Connection) -> None:
        with link:
            try:
                while self._hear(one, json.loads(link.recv_bytes())):
                    pass
            except (EOFError, OSError):
                self._end(one, "failed", message=ENDED)

    def _hear(self, one: _Job, message: Told) -> bool:
        """Take in a message; tell whether others are to come."""
        if "finding" in message:
            with self._lock:
                one.findings.append(message["finding"])
            return True
        if "progress" in message:
            one.progress = Progress(*message["progress"])
            return True
        self._end(one, "failed" if "failed" in message else "done", message.get("done"), message.get("failed", ""))
        return False

    def _end(self, one: _Job, state: State, result: Told | None = None, message: str = "") -> None:
        with self._lock:
            if not one.dropped:
                one.state, one.result, one.message = state, result, message
                self._kept.move_to_end(one.order)
            if not self._closed:
                self._begin()
