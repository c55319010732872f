"""Walking to weights of a run that were not recorded."""

from collections.abc import Sequence
from threading import Semaphore

from engine.readings import Arrays
from engine.runs.explainer import Explainer
from engine.runs.pool import Pool
from engine.runs.run import Run
from engine.runs.weights import Weights
from engine.training.experiment import Change

AT_ONCE = 2


class Walker:
    """Walks there in a process that the pool forks: it has torch, which others begin with importing.

    Few walk at once, for each takes a core; safe to use from several threads, who wait their turn.
    """

    def __init__(self, pool: Pool, memory: int | None = None) -> None:
        self._pool, self._memory = pool, memory
        self._turns = Semaphore(AT_ONCE)

    def walk(self, run: Run, step: int, since: Arrays | None, changes: Sequence[Change]) -> Weights:
        """Return the weights of ``run`` at ``step``, from a checkpoint or from the beginning; raises RunError."""
        with self._turns:
            walker = Explainer(self._pool, self._memory)
            try:
                return walker.walk(run, step, since, changes)
            finally:
                walker.close()
