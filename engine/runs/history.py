"""Which steps of a run are kept when there are too many to keep all.

The distance between two kept steps grows with the root of their distance to the nearer end of the run. So the newest
are dense and grow sparser with age; the first, where a net changes most, stay dense too; and no stretch is lost,
however long the run. (Halving all that is old again and again would lose everything but the last minutes.)

The server's memory and the store follow this rule on the same sequence of steps, and so they hold the same frames
without having to talk about it.
"""

from dataclasses import dataclass
from math import sqrt

MOST_FRAMES = 400
MOST_FRAME_BYTES = 16 * 2**20
MOST_ROWS = 5_000
MOST_CHECKPOINTS = 120
SHARE_TO_GO = 8


@dataclass(frozen=True, slots=True)
class _Kept:
    ordinal: int
    size: int


class History:
    """The steps that are kept, in order, never more than ``most`` and never more than ``most_bytes`` together.

    Two steps, the first and the last, stay even if they alone are larger than ``most_bytes``.
    """

    def __init__(self, most: int, most_bytes: int | None = None) -> None:
        self._most = max(most, 2)
        self._most_bytes = most_bytes
        self._kept: dict[int, _Kept] = {}
        self._bytes = 0
        self._count = 0

    @property
    def steps(self) -> list[int]:
        """Return the kept steps in order."""
        return list(self._kept)

    @property
    def last(self) -> int | None:
        """Return the newest step, or None before the first."""
        return next(reversed(self._kept), None)

    def add(self, step: int, size: int = 0) -> list[int]:
        """Keep ``step``, ``size`` bytes large, and return the steps that have to go for it.

        Raises ValueError unless ``step`` is larger than all before.
        """
        if self.last is not None and step <= self.last:
            raise ValueError(f"a history goes forward: expected a step after {self.last}, received {step}")
        self._kept[step] = _Kept(self._count, size)
        self._count += 1
        self._bytes += size
        gone: list[int] = []
        while self._too_much() and len(self._kept) > 2:
            gone += self._thin()
        return gone

    def resize(self, step: int, size: int) -> None:
        """Take note that what is kept of ``step`` is ``size`` bytes large now."""
        kept = self._kept[step]
        self._bytes += size - kept.size
        self._kept[step] = _Kept(kept.ordinal, size)

    def clear(self) -> None:
        """Forget all steps."""
        self._kept.clear()
        self._bytes = self._count = 0

    def _too_much(self) -> bool:
        return len(self._kept) > self._most or (self._most_bytes is not None and self._bytes > self._most_bytes)

    def _thin(self) -> list[int]:
        """Drop an eighth of the steps, those that stand closest for their place, but no two neighbours."""
        steps = self.steps
        ordinals = [kept.ordinal for kept in self._kept.values()]
        crowded = sorted(range(1, len(steps) - 1), key=lambda i: self._room(ordinals, i))
        dropped: set[int] = set()
        for i in crowded:
            if i - 1 not in dropped and i + 1 not in dropped:
                dropped.add(i)
            if len(dropped) * SHARE_TO_GO >= len(steps):
                break
        gone = [steps[i] for i in sorted(dropped)]
        self._bytes -= sum(self._kept.pop(step).size for step in gone)
        return gone

    def _room(self, ordinals: list[int], i: int) -> float:
        """Return the distance between the neighbours of a step, in units of what is meant for its place in the run."""
        to_nearer_end = min(ordinals[i], self._count - ordinals[i])
        return (ordinals[i + 1] - ordinals[i - 1]) / sqrt(to_nearer_end)


def frame_history() -> History:
    """Return the rule by which the frames of a run are kept."""
    return History(MOST_FRAMES, MOST_FRAME_BYTES)


def row_history() -> History:
    """Return the rule by which the scalars of a run are kept."""
    return History(MOST_ROWS)


def checkpoint_history() -> History:
    """Return the rule by which the checkpoints of a run are kept."""
    return History(MOST_CHECKPOINTS, MOST_FRAME_BYTES)
