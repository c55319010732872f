"""When to look at a net that trains: often enough for the eye, seldom enough to cost next to nothing."""

from collections import deque
from statistics import median

FIRST_STEPS = 10
SHORTEST_INTERVAL = 1 / 25
TRAINING_SHARE = 0.04
LOOKING_SHARE = 0.5


class Cadence:
    """Each of the first steps, then by time, at most 25 looks a second.

    At most 4 % of the training's time goes into snapshots, and at most half of a core into looking at them. All times
    are seconds of one clock. What a thing takes is the median of the last nine: one that was interrupted by another
    process does not make the picture stand still.
    """

    def __init__(self) -> None:
        self._snapshots: deque[float] = deque([0.0], maxlen=9)
        self._looks: deque[float] = deque([0.0], maxlen=9)
        self._interval = SHORTEST_INTERVAL
        self._last = float("-inf")

    def begins(self, step: int) -> bool:
        """Tell whether ``step`` is one of the first, each of which is looked at."""
        return step <= FIRST_STEPS

    def due(self, step: int, now: float) -> bool:
        """Tell whether ``step``, which is about to be made, should be looked at."""
        return self.begins(step) or now - self._last >= self._interval

    def taken(self, seconds: float, now: float) -> None:
        """Take note of a snapshot that was begun at ``now`` and took ``seconds``."""
        self._last = now
        self._snapshots.append(seconds)

    def looked(self, seconds: float) -> None:
        """Take note of a look at a snapshot that took ``seconds``."""
        self._looks.append(seconds)
        self._interval = max(
            SHORTEST_INTERVAL, median(self._snapshots) / TRAINING_SHARE, median(self._looks) / LOOKING_SHARE
        )
