"""Sequences of which something is asked at some places alone."""

from dataclasses import dataclass

from torch import Tensor

from engine.training.task import Task


@dataclass(frozen=True, slots=True)
class WhereAsked(Task):
    """The task ``once`` set at places of sequences: of outputs (B, T, O) and targets (B, T) each place is one more
    example, but where the target is below 0, which is not asked.
    """

    once: Task

    def score(self, outputs: Tensor, targets: Tensor) -> float:
        """Return the accuracy over all places asked."""
        return self.once.score(*_asked(outputs, targets))

    def predictions(self, outputs: Tensor) -> Tensor:
        """Return the class (B, T) int64 that outputs tell at each place."""
        return outputs.argmax(dim=2)


def where_asked(once: Task) -> WhereAsked:
    """Return a task as it is set at some places."""

    def loss(outputs: Tensor, targets: Tensor) -> Tensor:
        return once.loss(*_asked(outputs, targets))

    return WhereAsked(once.kind, once.outputs, loss, once.score_name, once)


def _asked(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    there = targets >= 0
    return outputs[there], targets[there]
