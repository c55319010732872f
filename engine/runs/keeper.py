"""Which checkpoints of a run are taken, and which of them are recorded."""

from math import isfinite
from time import perf_counter

from safetensors.numpy import save

from engine.readings import Arrays
from engine.runs.cadence import FIRST_STEPS
from engine.runs.changes import counted
from engine.runs.observer import Observer
from engine.training.experiment import Experiment, Step

TAKEN_SECONDS = 0.25
RECORDED_SECONDS = 2.0
SHARE = 0.01


class Keeper:
    """Takes a checkpoint four times a second, so that a good one is at hand when the loss becomes NaN, and has one
    recorded every two seconds. Where a net is so large that this would take more than 1 % of the time, it is done less
    often. ``changes`` counts what was changed until now.
    """

    def __init__(self, experiment: Experiment, observer: Observer) -> None:
        self._experiment = experiment
        self._observer = observer
        self.changes = 0
        self._taken: tuple[int, Arrays] | None = None
        self._taken_at = self._recorded_at = perf_counter()
        self._cost = 0.0

    def pass_by(self, step: Step, now: float) -> None:
        """Take, and have recorded, what is due at ``step``; ``now`` is of ``time.perf_counter``."""
        if not isfinite(step.loss):
            return
        if step.number <= FIRST_STEPS or now - self._taken_at > max(TAKEN_SECONDS, self._cost / SHARE):
            self._take(step, now)
        if now - self._recorded_at > max(RECORDED_SECONDS, self._cost / SHARE):
            self.record()

    def keep(self, step: Step) -> None:
        """Have ``step`` recorded, for the run stands there, unless its loss is no number."""
        if isfinite(step.loss):
            self._take(step, perf_counter())
            self.record()

    def record(self) -> int | None:
        """Have the checkpoint that was taken last recorded; return its step, or None if there is none."""
        if self._taken is None:
            return None
        number, arrays = self._taken
        self._observer.keep(number, save(arrays))
        self._recorded_at = perf_counter()
        return number

    def forget(self) -> None:
        """Begin anew: the run is back at its initial weights."""
        self._taken = None

    def _take(self, step: Step, now: float) -> None:
        self._taken = (step.number, counted(self._experiment.checkpoint(), self.changes))
        self._taken_at = now
        self._cost = perf_counter() - now
