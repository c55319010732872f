"""What leaves a run: the net as it is seen and the state it is in, to the server and to the store alike."""

import time
from dataclasses import replace

from engine.runs import messages
from engine.runs.link import Link
from engine.runs.recorder import Recorder
from engine.runs.run import Run, State
from engine.training.experiment import Experiment, Step


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
        self._trouble = ""

    def look(self, step: Step, *, again: bool = False) -> None:
        """Observe a step, show it and record it, unless that was done by an earlier worker of this run.

        ``again`` has it replace what was recorded of the step. It is then written together with what was changed.
        """
        at = time.monotonic()
        moment = self._experiment.observe(step)
        if again or step.number > self._recorder.last:
            row = messages.row(self._experiment.scalars, moment)
            payload = messages.frame(moment, row, at)
            self._link.send(payload)
            self._recorder.frame(step.number, row.tobytes(), payload)
        self.run = replace(self.run, step=step.number)
        if not again:
            self._recorder.write_if_due(self.run)
            self._tell_trouble()

    @property
    def waiting(self) -> bool:
        """Tell whether something is still to be recorded."""
        return self._recorder.waiting

    def try_again(self) -> None:
        """Record what could not be recorded yet; for a run from which nothing comes just now."""
        self._recorder.write_if_due(self.run)
        self._tell_trouble()

    def keep(self, number: int, state: bytes) -> None:
        """Record a checkpoint of step ``number``."""
        self._recorder.checkpoint(number, state)

    def show(self, state: State, message: str = "") -> None:
        """Change the run's state and tell the server."""
        begins = self.run.state == "ready" and state == "running"
        self.run = replace(self.run, state=state, message=message)
        self.tell()
        if begins:  # from here on the run is never taken for one that was not begun
            self._write()

    def settle(self, state: State, message: str = "") -> None:
        """Change the run's state, record all until here, and then tell the server."""
        self.run = replace(self.run, state=state, message=message)
        self._write()
        self.tell()

    def end(self, state: State, message: str) -> None:
        """Tell how the run ended, and then record it: the server has all of it, and waits for this process."""
        self.show(state, message)
        self._recorder.write(self.run, last=True)

    def tell(self) -> None:
        """Tell the server the state, with what there is to say of it."""
        run = self.run
        self._link.send(
            messages.state(run.state, run.step, run.message, self._learning_rate, trouble=self._recorder.trouble)
        )

    def refuse(self, message: str) -> None:
        """Tell the server why a command is not carried out; first that all is as it was, for controls may show else."""
        self.tell()
        self._link.send(messages.refused(message))

    def setting(self, number: int, name: str, value: str) -> None:
        """Tell and record that a setting, or a number of the net, was changed at step ``number``."""
        self._link.send(messages.changed(number, name, value))
        self._recorder.event(number, name, value)
        if name == "learning_rate":
            self._learning_rate = float(value)
        if self.run.state != "running":  # there may be no frame for a long time, with which it would be written
            self._write()

    def reset(self) -> None:
        """Void all that was shown and recorded; the run is as it was at first."""
        self._recorder.reset()
        self._link.send(messages.reset())
        self.run = replace(self.run, state="ready", step=0, message="")

    def discard(self) -> None:
        """Leave no trace of a run that was never begun."""
        self.run = replace(self.run, state="interrupted")
        self._recorder.delete()

    def _write(self) -> None:
        self._recorder.write(self.run)
        self._tell_trouble()

    def _tell_trouble(self) -> None:
        """Say once that the store cannot be written, and once that it can again."""
        if self._recorder.trouble != self._trouble:
            self._trouble = self._recorder.trouble
            self.tell()
