"""How quickly a training goes: over the last seconds in which it went on."""

import math
from collections import deque

OVER_SECONDS = 5.0
STILL_SECONDS = 1.0
"""What lies between two steps is a look, or others whose turn it is; where it is longer, somebody has paused."""


class Pace:
    """Takes note of each step: when it begins, when it ends, and what is then done of ``total``; times are seconds of
    any clock. A pause between two steps does not count, see ``STILL_SECONDS``.
    """

    def __init__(self, total: float) -> None:
        self._total = total
        self._clock = 0.0
        self._last: float | None = None
        self._seen: deque[tuple[float, float]] = deque()

    def begin(self, now: float) -> None:
        """Note that a step begins."""
        if self._last is None or now - self._last > STILL_SECONDS:
            self._last = now

    def end(self, done: float, now: float) -> None:
        """Note that it has ended. Of the first only what is done by then counts: its time lies before all others'."""
        self._clock += now - (now if self._last is None else self._last)
        self._last = now
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
