"""What leaves a run: the net as it is seen and the state it is in, to the server and to the store alike."""

import time
from dataclasses import replace
from math import isfinite, isnan

import numpy as np

from engine.runs import messages
from engine.runs.cadence import FIRST_STEPS
from engine.runs.link import Link
from engine.runs.recorder import Recorder
from engine.runs.run import Run, State
from engine.training.experiment import Experiment, Step

CHECKPOINT_SECONDS = 5.0
GOOD_SECONDS = 0.25


class Reporter:
    """Looks at the net, shows and records what it sees; ``run`` is what is known of the run now."""

    def __init__(
        self, run: Run, experiment: Experiment, link: Link, recorder: Recorder, learning_rate: float | None
    ) -> None:
        self.run = run
        self._experiment = experiment
        self._link = link
        self._recorder = recorder
        self._learning_rate = learning_rate
        self._good: tuple[int, dict[str, np.ndarray]] | None = None
        self._good_at = self._checkpointed = time.monotonic()
        self._trouble = ""

    def look(self, step: Step) -> None:
        """Observe a step, show it and record it."""
        at = time.monotonic()
        moment = self._experiment.observe(step)
        row = messages.row(self._experiment.scalars, moment)
        payload = messages.frame(moment, row, at)
        self._link.send(payload)
        self._recorder.frame(step.number, row.tobytes(), payload)
        self.run = replace(self.run, step=step.number)
        self._keep_if_good(step)
        self._write_if_due()

    def begin(self) -> None:
        """Record the weights last looked at as the initial ones, and show the run as ready."""
        self._recorder.checkpoint("initial", self.run.step, self._experiment.weights())
        self.settle("ready")

    def show(self, state: State, message: str = "") -> None:
        """Change the run's state and tell the server."""
        begins = self.run.state == "ready" and state == "running"
        self.run = replace(self.run, state=state, message=message)
        self.tell()
        if begins:  # from here on the run is never taken for one that was not begun
            self._write()

    def settle(self, state: State, message: str = "") -> None:
        """Change the run's state, record all until here with the weights, and then tell the server."""
        self.run = replace(self.run, state=state, message=message)
        self._recorder.checkpoint("last", self.run.step, self._experiment.weights())
        self._checkpointed = time.monotonic()
        self._write()
        self.tell()

    def pause_at(self, step: Step) -> None:
        """Pause as the loss of ``step`` is no number: what comes now is spoilt, so the last good weights are kept."""
        kept = ""
        if self._good is not None:
            self._recorder.checkpoint("good", *self._good)
            kept = f" The good weights of step {self._good[0]} are kept."
        became = "is no number any more (NaN)" if isnan(step.loss) else "has become infinite"
        self.settle("paused", f"The loss {became} at step {step.number}, so the run paused.{kept}")

    def end(self, state: State, message: str) -> None:
        """Tell how the run ended, and then record it: the server has all of it, and waits for this process."""
        self.show(state, message)
        if state != "failed":
            self._recorder.checkpoint("last", self.run.step, self._experiment.weights())
        self._recorder.write(self.run, last=True)
        self._tell_trouble()

    def tell(self) -> None:
        """Tell the server the state, with what there is to say of it."""
        said = " ".join(filter(None, (self.run.message, self._recorder.trouble)))
        self._link.send(messages.state(self.run.state, self.run.step, said, self._learning_rate))

    def refuse(self, message: str) -> None:
        """Tell the server why a command is not carried out; first that all is as it was, for controls may show else."""
        self.tell()
        self._link.send(messages.refused(message))

    def setting(self, number: int, name: str, value: str) -> None:
        """Record that a setting was changed at step ``number``."""
        self._recorder.event(number, name, value)
        if name == "learning_rate":
            self._learning_rate = float(value)

    def reset(self) -> None:
        """Void all that was shown and recorded; the run is as it was at first."""
        self._recorder.reset()
        self._link.send(messages.reset())
        self._good = None
        self.run = replace(self.run, state="ready", step=0, message="")

    def discard(self) -> None:
        """Leave no trace of a run that was never begun."""
        self.run = replace(self.run, state="interrupted")
        self._recorder.delete()

    def _write(self) -> None:
        self._recorder.write(self.run)
        self._tell_trouble()

    def _keep_if_good(self, step: Step) -> None:
        now = time.monotonic()
        if isfinite(step.loss) and (step.number <= FIRST_STEPS or now - self._good_at > GOOD_SECONDS):
            self._good = (step.number, self._experiment.weights())
            self._good_at = now

    def _write_if_due(self) -> None:
        if self._good and time.monotonic() - self._checkpointed > CHECKPOINT_SECONDS:
            self._recorder.checkpoint("last", *self._good)
            self._checkpointed = time.monotonic()
        self._recorder.write_if_due(self.run)
        self._tell_trouble()

    def _tell_trouble(self) -> None:
        """Say once that the store cannot be written, and once that it can again."""
        if self._recorder.trouble != self._trouble:
            self._trouble = self._recorder.trouble
            self.tell()
