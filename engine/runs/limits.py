"""How many runs may go on at once, which of them make room for another, how long one may wait unwatched, and how much
of what is over is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.errors import RunRefused
from engine.runs.live import LiveRun
from engine.runs.run import State

FRESH_SECONDS = 10.0
GOES_FIRST: tuple[State, ...] = ("ready", "paused", "running")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server; all times are seconds.

    At most ``max_runs`` have a worker at once, and at most ``max_runs_per_owner`` of one owner. A run that waits at
    step 0 and that nobody has watched for ``idle_ready`` seconds is ended and deleted; a paused one is ended after
    ``idle_paused``. One that trains may go on unwatched, until a new run finds no room: then the one that nobody has
    watched for longest, and for ``idle_needed`` seconds at least, makes room for it; before it those that are paused,
    and before them those that never began, and first of all those that never began and were replaced by another.

    A run that was put away can be taken back for ``undo`` seconds; then it is deleted. Of one owner's runs that are
    over the newest ``max_kept`` are kept, and beside them those with a name, at most ``max_named``. An uploaded table
    that no run needs is deleted when nobody has used it for ``unused_upload`` seconds. A class shows what was done in
    it in the last ``lesson`` seconds. At most ``max_sweeps`` sweeps are trained at once, one of each person.
    """

    max_runs: int = 64
    max_runs_per_owner: int = 12
    idle_ready: float = 60.0
    idle_paused: float = 1_800.0
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

    def overdue(self, live: LiveRun) -> bool:
        """Tell whether a run has waited unwatched for too long."""
        patience = {"ready": self.idle_ready, "paused": self.idle_paused}.get(live.run.state)
        return patience is not None and live.holds_place and live.recording.unwatched_seconds > patience

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
