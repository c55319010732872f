"""What asks nets why, on this server: made when it is first asked for."""

import threading

from engine.jobs import Forge, Jobs
from engine.runs import why

MOST_KEPT = 24
"""Answers that are kept for whoever asks the same again: one may have some megabytes of pictures."""

_lock = threading.Lock()
_room: tuple[Forge, Jobs] | None = None


def whys() -> Jobs:
    """Return the jobs of this process that ask nets why."""
    global _room
    with _lock:
        if _room is None:
            forge = why.forge()
            _room = forge, Jobs(forge, at_once=2, most_kept=MOST_KEPT)
        return _room[1]


def close() -> None:
    """End all of it; the next call of ``whys`` makes it anew."""
    global _room
    with _lock:
        open_now, _room = _room, None
    if open_now is not None:
        forge, jobs = open_now
        jobs.close()
        forge.close()
