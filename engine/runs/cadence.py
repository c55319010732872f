"""When to look at a net that trains: often enough for the eye, seldom enough to cost nothing."""

from collections import deque
from statistics import median

FIRST_STEPS = 10
SHORTEST_INTERVAL = 1 / 30
SHARE = 0.04


class Cadence:
    """Each of the first steps, then by time: at most 30 looks a second, and at most 4 % of the time spent on them.

    All times are seconds of one clock. What a look costs is the median of the last nine: one that was interrupted by
    another process does not make the picture stand still.
    """

    def __init__(self) -> None:
        self._costs: deque[float] = deque(maxlen=9)
        self._interval = SHORTEST_INTERVAL
        self._looked = float("-inf")

    def due(self, step: int, now: float) -> bool:
        """Tell whether ``step``, which is about to be made, should be looked at."""
        return step <= FIRST_STEPS or now - self._looked >= self._interval

    def looked(self, began: float, ended: float) -> None:
        """Take note of a look that took from ``began`` to ``ended``."""
        self._costs.append(ended - began)
        self._interval = max(SHORTEST_INTERVAL, median(self._costs) / SHARE)
        self._looked = began
