"""How quickly a training goes: over the last seconds in which it learnt, by its own clock."""

import math
from collections import deque

OVER_SECONDS = 5.0


class Pace:
    """Takes note of each step: what is done of ``total`` after it, and the seconds that it took.

    What is between steps, a pause or a look, is no part of it.
    """

    def __init__(self, total: float) -> None:
        self._total = total
        self._clock = 0.0
        self._seen: deque[tuple[float, float]] = deque()

    def add(self, done: float, seconds: float) -> None:
        """Note a step. Of the first only what is done by then counts: its seconds lie before all that is measured."""
        self._clock += seconds
        self._seen.append((done, self._clock))
        while len(self._seen) > 2 and self._clock - self._seen[1][1] >= OVER_SECONDS:
            self._seen.popleft()

    @property
    def per_second(self) -> float:
        """What is done a second; NaN where no step was made yet."""
        if len(self._seen) < 2:
            return math.nan
        (first, began), (last, now) = self._seen[0], self._seen[-1]
        return (last - first) / (now - began) if now > began else math.nan

    @property
    def seconds_left(self) -> float:
        """How long the rest takes at this pace: 0 at the end, NaN where that is not known."""
        left = self._total - self._seen[-1][0] if self._seen else math.nan
        return 0.0 if left <= 0 else left / self.per_second

    @property
    def words(self) -> tuple[str, str]:
        """Return both as one reads them, to three digits: ``52,300`` and ``1 min 5 s``; empty where not known."""
        speed = self.per_second
        return f"{float(f'{speed:.3g}'):,.0f}" if speed >= 0 else "", _in_words(self.seconds_left)


def _in_words(seconds: float) -> str:
    """Return a time, rounded up: nothing that is not over is told as 0."""
    if not math.isfinite(seconds):
        return ""
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
