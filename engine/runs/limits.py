"""How many runs may go on at once and train at once, which of them make room for another, how long one may go on
unwatched, and how much of what is over is kept.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from engine.errors import RunRefused, SpecError
from engine.memory import usual_limit
from engine.runs.live import LiveRun
from engine.runs.run import State

FRESH_SECONDS = 10.0
LEFT = "nobody was watching"
RUNS_PER_CORE = 4
GOES_FIRST: tuple[State, ...] = ("ready", "paused", "running")


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server; all times are seconds.

    At most ``max_runs`` have a worker at once, and at most ``max_runs_per_owner`` of one owner. Of those that want to
    train at most ``max_training`` do so, and the others wait for their turn: see ``engine.runs.turns``; 0 stands for
    four to each core. One may take ``max_memory`` bytes; 0 stands for the usual, see ``engine.memory``.

    A run that waits at step 0 and that nobody has watched for ``idle_ready`` seconds is ended and deleted; a paused one
    is ended after ``idle_paused``, one that trains after ``idle_training``; both keep all that was recorded, and can go
    on. Where a new run finds no room one that trains makes room for it sooner: the one that nobody has watched for
    longest, and for ``idle_needed`` seconds at least; before it those that are paused, and before them those that never
    began, and first of all those that never began and were replaced by another.

    A run that was put away can be taken back for ``undo`` seconds; then it is deleted. Of one owner's runs that are
    over the newest ``max_kept`` are kept, and beside them those with a name, at most ``max_named``. An uploaded table
    that no run needs is deleted when nobody has used it for ``unused_upload`` seconds. A class shows what was done in
    it in the last ``lesson`` seconds. At most ``max_sweeps`` sweeps are trained at once, one of each person.
    """

    max_runs: int = 64
    max_runs_per_owner: int = 12
    max_training: int = 0
    max_memory: int = 0
    idle_ready: float = 60.0
    idle_paused: float = 1_800.0
    idle_training: float = 4 * 3600.0
    idle_needed: float = 60.0
    undo: float = 600.0
    max_kept: int = 200
    max_named: int = 100
    unused_upload: float = 30 * 24 * 3600.0
    lesson: float = 12 * 3600.0
    max_sweeps: int = 2

    def make_room(self, runs: Iterable[LiveRun], opening: Sequence[str], owner: str) -> list[LiveRun]:
        """Return which of ``runs`` have to go, so that ``owner`` may open another.

        ``opening`` are the owners of runs that are just being opened. Raises RunRefused where there is no room.
        """
        going: list[LiveRun] = []
        for mine, most in ((True, self.max_runs_per_owner), (False, self.max_runs)):
            counted = [live for live in runs if live.holds_place and (live.run.owner == owner or not mine)]
            staying = [live for live in counted if live not in going]
            free = most - len(staying) - len([o for o in opening if o == owner or not mine])
            if free > 0:
                continue
            idle = self._idle_longest(staying)
            if len(idle) + free <= 0:
                whose = "You have" if mine else "There are"
                what = "stop one of them" if mine else "try again when one has ended"
                raise RunRefused(f"{whose} {len(counted)} runs going on, as many as this server allows: {what}.")
            going += idle[: 1 - free]
        return going

    @classmethod
    def named_by(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Return the limits with those that the environment names; raises SpecError for what is no such number."""
        known = cls()
        training = _number(environ, "LEARNSCOPE_TRAINING", known.max_training, least=1)
        hours = _number(environ, "LEARNSCOPE_UNWATCHED_HOURS", known.idle_training / 3600, least=0.1)
        megabytes = _number(environ, "LEARNSCOPE_RUN_MB", 0, least=64)
        return cls(max_training=int(training), max_memory=int(megabytes * 2**20), idle_training=hours * 3600)

    @property
    def turns(self) -> int:
        """Return how many runs train at once."""
        return self.max_training or RUNS_PER_CORE * cores()

    @property
    def memory(self) -> int:
        """Return how many bytes of memory a run may take."""
        return self.max_memory or usual_limit()

    def overdue(self, live: LiveRun) -> str:
        """Return why a run that nobody has watched for too long has to end, or nothing."""
        patience = {"ready": self.idle_ready, "paused": self.idle_paused, "running": self.idle_training}
        state = live.run.state
        if not live.holds_place or live.recording.unwatched_seconds <= patience.get(state, float("inf")):
            return ""
        return f"{LEFT} for {_in_words(self.idle_training)}" if state == "running" else LEFT

    def _idle_longest(self, runs: Iterable[LiveRun]) -> list[LiveRun]:
        """Return those of ``runs`` that may have to make room, the first to go first."""
        found: list[tuple[int, float, LiveRun]] = []
        for live in runs:
            state, unwatched = live.run.state, live.recording.unwatched_seconds
            patience = min(FRESH_SECONDS, self.idle_needed) if state == "ready" else self.idle_needed
            if live.replaced and state == "ready":
                found.append((-1, -unwatched, live))
            elif state in GOES_FIRST and unwatched > patience:
                found.append((GOES_FIRST.index(state), -unwatched, live))
        return [live for *_, live in sorted(found, key=lambda one: one[:2])]


def _number(environ: Mapping[str, str], name: str, default: float, least: float) -> float:
    given = environ.get(name, "").strip()
    if not given:
        return default
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not least <= value < float("inf"):
        raise SpecError(f"{name} has to be a number, and at least {least:g}: received {given!r}.")
    return value


def _in_words(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours:.3g} hour{'s' * (hours != 1)}" if hours >= 1 else f"{seconds / 60:.3g} minutes"
