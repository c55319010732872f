"""When to look at a net that trains: often enough for the eye, seldom enough to cost next to nothing."""

from collections import deque
from collections.abc import Callable
from statistics import median
from time import process_time

FIRST_STEPS = 10
SHORTEST_INTERVAL = 1 / 25
TRAINING_SHARE = 0.04
LOOKING_SHARE = 0.5


class Cadence:
    """Each of the first steps, then by time, at most 25 looks a second.

    At most 4 % of the training's time goes into snapshots, and looking at them takes at most half as much as training
    does. Both are shares of processor time, ``worked`` is the clock of the training's: on a machine that is shared by
    many runs each is seen as often as its share of the machine allows, and none spends it on being seen. What a thing
    takes is the median of the last nine: a single dear one does not make the picture stand still.
    """

    def __init__(self, worked: Callable[[], float] = process_time) -> None:
        self._worked = worked
        self._snapshots: deque[float] = deque([0.0], maxlen=9)
        self._looks: deque[float] = deque([0.0], maxlen=9)
        self._work = 0.0  # seconds of training between two looks, at least
        self._last = self._last_worked = float("-inf")

    def begins(self, step: int) -> bool:
        """Tell whether ``step`` is one of the first, each of which is looked at."""
        return step <= FIRST_STEPS

    def due(self, step: int, now: float) -> bool:
        """Tell whether ``step``, which is about to be made, should be looked at; ``now`` is seconds of real time."""
        if self.begins(step):
            return True
        # The second clock is asked of the kernel, which is too dear for each step.
        return now - self._last >= SHORTEST_INTERVAL and self._worked() - self._last_worked >= self._work

    def taken(self, seconds: float, now: float) -> None:
        """Take note of a snapshot that was begun at ``now`` and took ``seconds`` of work."""
        self._last, self._last_worked = now, self._worked()
        self._snapshots.append(seconds)

    def looked(self, seconds: float) -> None:
        """Take note of a look at a snapshot that took ``seconds`` of work."""
        self._looks.append(seconds)
        self._work = max(median(self._snapshots) / TRAINING_SHARE, median(self._looks) / LOOKING_SHARE)
