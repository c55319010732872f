"""What a lab gives to whoever runs it: the command line, a worker process, a test."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

from engine.asking import Answer, Question
from engine.explanation import Cell, Explanation
from engine.readings import Arrays, Reading

Change = tuple[int, str, str]
"""What was changed while a run went on: step, name, value. The name is that of a live setting, or of one number of the
net, ``layers.0.weight[2, 1]`` (see ``engine.training.edits``).
"""


class Step(NamedTuple):
    """The moment between backward and update: ``number`` updates have been made, and the gradients are fresh.

    ``loss`` is the loss of this moment's batch, before any penalty; ``epoch`` counts passes over the training points
    and is fractional within one.
    """

    number: int
    epoch: float
    loss: float


@dataclass(frozen=True, slots=True)
class Moment:
    """What is recorded of one step: ``scalars`` to be drawn over steps, ``readings`` of it, ``words`` about it."""

    step: int
    scalars: Mapping[str, float]
    readings: tuple[Reading, ...]
    words: Mapping[str, str]


class Experiment(Protocol):
    """One net that learns one thing, owned by one process.

    The owner walks ``steps()`` and may at any step call ``observe`` (looking leaves no trace), ``checkpoint`` or
    ``set``. ``steps`` gives the same numbers bit for bit each time that ``set`` is used in the same way, whether it
    begins at the initial weights or at a checkpoint.
    """

    scalars: tuple[str, ...]
    """Names of what every Moment's ``scalars`` hold, in order; begins with loss, val_loss, score, val_score."""

    def opening(self) -> tuple[Reading, ...]:
        """Return what does not change during the run: points, names, shapes."""
        ...

    def words(self) -> Mapping[str, str]:
        """Return words about the run that do not change: names of classes and tensors, the name of the score."""
        ...

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        """Go back to the initial weights and yield step 0, 1, 2, ... until a stop condition holds.

        With ``since``, a checkpoint, go there instead and yield its step and those after it.
        """
        ...

    def checkpoint(self) -> Arrays:
        """Return a copy of all that ``steps`` needs to go on from the step that it has just yielded.

        Arrays called ``net.<name>`` are the parameters and buffers of the net, by their names there.
        """
        ...

    def foresee(self) -> None:
        """Take note of the weights, so that an ``observe`` after the next step can tell how large its update was."""
        ...

    def observe(self, step: Step) -> Moment:
        """Run all probes at ``step``, the one that ``steps`` has just yielded."""
        ...

    def snapshot(self) -> Any:
        """Return all that ``observe`` looks at (weights, gradients, ...) to be sent to another process at once.

        It may hold views that the next step changes.
        """
        ...

    def adopt(self, snapshot: Any) -> None:
        """Be as the experiment of the same spec was that gave ``snapshot``; from here on this one only observes."""
        ...

    def net_with(self, tensors: Arrays) -> tuple[Any, Any]:
        """Return another net of this spec with parameters and buffers by name, as it answers, and inputs that it takes.

        Those are a tensor whose first axis counts examples, or several by their names, in the order in which it
        takes them. Raises DataError where the tensors are not those of it.
        """
        ...

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return a PyTorch script that needs nothing of ours and prints the losses of ``steps`` steps, bit for bit.

        ``changes`` are those that ``set`` has made.
        """
        ...

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of a frame came about: that of ``step``, which holds ``arrays`` by their full names.

        It depends on the spec and these arrays alone. Raises RunError where there is no such number.
        """
        ...

    def stop_reason(self) -> str | None:
        """Return in words why ``steps`` ended, or None if it has not."""
        ...

    def set(self, name: str, value: str) -> None:
        """Change a live setting (``learning_rate``) from the next step on, or one number of the net at once.

        The number is named as ``layers.0.weight[2, 1]``. After that ``steps`` yields the same step once more: with the
        same batch, and with the loss and the gradients of the net as it is now. Raises SpecError.
        """
        ...


@runtime_checkable
class Answering(Protocol):
    """What an experiment has besides, whose net can be asked about something of a person's own.

    ``observe`` calls ``meanwhile`` every few milliseconds: people wait for answers while a net is looked at.
    """

    meanwhile: Callable[[], None]

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the net answers, as it is now; or with ``tensors`` a net of this spec that has these parameters
        and buffers.

        The run is not changed by it. Raises LearnscopeError.
        """
        ...
