"""Sequences as a net learns them: what is asked at each step, and texts of different lengths in one batch."""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data.sequences.vocabulary import PAD
from engine.training.task import Task


@dataclass(frozen=True, slots=True)
class EachStep(Task):
    """The task ``once`` set at each step of a sequence: of outputs (B, T, O) and targets (B, T) every step is one
    more example.

    The loss counts them all, the score those from the step ``first`` on: what is asked before is no art.
    """

    once: Task
    first: int

    def score(self, outputs: Tensor, targets: Tensor) -> float:
        """Return accuracy, or R²; see ``Task.score``."""
        return self.once.score(outputs[:, self.first :].flatten(0, 1), targets[:, self.first :].flatten())

    def predictions(self, outputs: Tensor) -> Tensor:
        """Return the class (B, T) int64 that outputs tell at each step, or the number (B, T)."""
        return self.once.predictions(outputs.flatten(0, 1)).reshape(outputs.shape[:2])


def at_each_step(once: Task, first: int) -> EachStep:
    """Return a task as it is set at each step."""

    def loss(outputs: Tensor, targets: Tensor) -> Tensor:
        return once.loss(outputs.flatten(0, 1), targets.flatten())

    return EachStep(once.kind, once.outputs, loss, once.score_name, once, first)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts as tokens (n, steps) int64 with ``PAD`` behind their ends, and targets (n,): a batch is as long as the
    longest text in it.
    """

    tokens: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def batch(self, step: int, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return tokens (B, longest) and targets (B,)."""
        tokens = self.tokens[places]
        return tokens[:, : longest(tokens)], self.targets[places]


def longest(tokens: Tensor) -> int:
    """Return how long the longest of texts (n, steps) is; at least 1."""
    return max(int(torch.count_nonzero((tokens != PAD).any(dim=0))), 1)
