"""Who may train now and who waits for a turn: pure bookkeeping, fair to people first and then to runs.

The operating system shares the cores among some runs better than anybody else could: each moves a little all the time.
Among all that a class can start it does so worse and worse, and it knows processes, not people: who starts ten gets ten
shares. So up to ``most`` runs train side by side, and only beyond that there is a queue. Four to a core is the choice:
of thirty runs on four cores each then stood still for a second and a half in a round, with two to a core for three. A
lesson of eight runs there, whose thirty watchers are to see ten frames a second each, meets no queue at all.

Nobody waits until another has done: a training run may take hours. Who trains while others wait has a turn of a
second, then makes room and stands at the end of the own person's line. Of the people in line it is the one's turn who
has the fewest runs training, then the one who was served longest ago; of one's runs the one that asked first. So ten
runs of one person share the turns that one run of another has.

Sweeps take no turns. They are as fair by other means: of each person one is trained, two at once, below all runs in the
eyes of the operating system (``NICENESS``), and each has an end. One that is in the middle of a net cannot stand still.
"""

import time
from collections import Counter
from collections.abc import Callable

TURN_SECONDS = 1.0


class Turns:
    """The runs that want to train, by their ids: those that do, and those that wait. For one thread."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        if most < 1:
            raise ValueError(f"somebody has to train: expected at least 1, received {most}")
        self._most = most
        self._clock = clock
        self._owners: dict[str, str] = {}
        self._training: dict[str, float] = {}  # since when
        self._waiting: list[str] = []  # in the order of asking
        self._served: dict[str, int] = {}  # owner -> number of the last turn
        self._turns = 0

    @property
    def training(self) -> list[str]:
        """Return those whose turn it is."""
        return list(self._training)

    @property
    def line(self) -> list[str]:
        """Return those that wait, in the order in which they would be served as things stand."""
        training = self._count()
        ranks: dict[str, tuple[int, int]] = {}
        for run_id in self._waiting:
            owner = self._owners[run_id]
            ranks[run_id] = training[owner], self._served.get(owner, 0)
            training[owner] += 1  # the next run of the same person comes a round later
        return sorted(self._waiting, key=lambda run_id: ranks[run_id])  # stable: else as they asked

    def ask(self, run_id: str, owner: str) -> None:
        """Have a run train as soon as it is its turn; one that has asked already is left as it is."""
        if run_id not in self._owners:
            self._owners[run_id] = owner
            self._waiting.append(run_id)
            self._fill()

    def leave(self, run_id: str) -> None:
        """Have a run want nothing any more; its turn is another's."""
        owner = self._owners.pop(run_id, None)
        if owner is None:
            return
        if self._training.pop(run_id, None) is None:
            self._waiting.remove(run_id)
        if owner not in self._owners.values():
            self._served.pop(owner, None)
        self._fill()

    def rotate(self) -> None:
        """Have those that had their turn make room for those that wait; never so that fewer people train."""
        now = self._clock()
        training = self._count()
        had = [run_id for run_id, since in self._training.items() if now - since >= TURN_SECONDS]
        had.sort(key=lambda run_id: (-training[self._owners[run_id]], self._training[run_id]))
        for run_id in had[: len(self._waiting)]:
            found = next((other for other in self.line if self._may_replace(other, run_id)), None)
            if found is not None:
                del self._training[run_id]
                self._waiting.append(run_id)
                self._begin(found)

    def _may_replace(self, waiting: str, training: str) -> bool:
        mine, theirs = self._owners[waiting], self._owners[training]
        count = self._count()
        return mine == theirs or count[mine] < count[theirs]

    def _fill(self) -> None:
        while self._waiting and len(self._training) < self._most:
            self._begin(self.line[0])

    def _begin(self, run_id: str) -> None:
        self._waiting.remove(run_id)
        self._training[run_id] = self._clock()
        self._turns += 1
        self._served[self._owners[run_id]] = self._turns

    def _count(self) -> Counter[str]:
        """Return how many runs of each owner train."""
        return Counter(self._owners[run_id] for run_id in self._training)
