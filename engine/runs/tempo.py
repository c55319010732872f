"""How quickly a run may go: what is over in a moment is slowed down to be watched."""

HURRY_SECONDS = 0.25
"""What was lost by others whose turn it was, or by a pause, is not made up for in a rush: no more than this."""


class Tempo:
    """Lets an epoch take ``seconds`` at least; 0: as quick as it goes. Times are seconds of any clock.

    Whoever walks over steps asks behind each how early it is, and waits as long: no number of the run depends on it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._beat: tuple[float, float] | None = None

    def begin(self) -> None:
        """Begin to count at the next step: the run has stood still, or is elsewhere."""
        self._beat = None

    def early(self, epoch: float, now: float) -> float:
        """Return for how many seconds to wait at ``epoch``, which is reached ``now``; 0 where it is time."""
        if not self._seconds:
            return 0.0
        if self._beat is None:
            self._beat = (epoch, now)
        begun, since = self._beat
        early = since + (epoch - begun) * self._seconds - now
        if early < -HURRY_SECONDS:
            self._beat = (epoch, now)
        return max(0.0, early)
