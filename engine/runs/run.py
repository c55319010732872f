"""A run: one spec of one lab, given to one worker process; its states and the commands that it takes."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ready", "running", "paused", "finished", "stopped", "failed", "crashed", "interrupted"]

STATES: dict[State, str] = {
    "ready": "at its initial weights, waiting to be started",
    "running": "training",
    "paused": "waiting; goes on where it was",
    "finished": "ended by a stop condition",
    "stopped": "ended by a person",
    "failed": "ended by an error that it could tell",
    "crashed": "its process ended without a farewell",
    "interrupted": "the server ended while it was going on",
}
LIVE_STATES: frozenset[State] = frozenset({"ready", "running", "paused"})

RESUMABLE: frozenset[State] = frozenset({"stopped", "crashed", "interrupted"})
"""States from which a run can go on, in another worker, from what was recorded."""

COMMANDS = ("resume", "pause", "step", "epoch", "reset", "stop", "set")


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run apart from its frames. ``created`` and ``updated`` are seconds since 1970, UTC.

    ``parent`` is the run that this one was branched from, at ``parent_step``; empty for one that began by itself.
    ``name`` is what a person calls it, or empty; ``deleted`` is when its owner put it away (seconds since 1970), None
    for one that is there. Whoever works in a class has its ``class_code`` on every run of theirs that it is to see.
    ``beside`` is the run that this one was opened to be compared with; empty for one that stands for itself.
    """

    id: str
    lab: str
    spec: str
    owner: str
    state: State
    step: int
    message: str
    created: float
    updated: float
    parent: str = ""
    parent_step: int = 0
    name: str = ""
    deleted: float | None = None
    class_code: str = ""
    beside: str = ""

    @property
    def live(self) -> bool:
        """Tell whether the run still has a worker process, as far as is known."""
        return self.state in LIVE_STATES
