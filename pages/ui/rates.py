"""How often something may happen: a bucket that fills at a steady rate and is emptied by what happens."""

import time
from collections.abc import Callable


class TokenBucket:
    """Holds at most ``burst`` tokens and gains ``rate`` of them a second; starts full. ``clock`` tells seconds."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._tokens = float(burst)
        self._filled = clock()

    def take(self) -> bool:
        """Take a token if there is one, and tell whether there was."""
        self._fill()
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def delay(self) -> float:
        """Take a token in any case, and return for how many seconds to wait before using it."""
        self._fill()
        self._tokens -= 1
        return max(0.0, -self._tokens / self._rate)

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
