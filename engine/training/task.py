"""A task: what outputs of a net mean for a problem, how wrong they are (loss), and how good (score).

problem       output        target     score      losses
binary        one logit     0 or 1     accuracy   logistic, hinge, mse (of the probability)
classes       k logits      class      accuracy   cross_entropy, hinge, mse (of the probabilities)
regression    one number    number     R²         mse, mae, huber
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from engine.data.catalogue import Kind, Problem
from engine.training.losses import LOSSES
from engine.training.settings import FITTING, Loss, check_loss

LossFunction = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Task:
    """A problem with a loss. ``loss(outputs (B, O), targets (B,))`` is the mean over the batch, a scalar."""

    kind: Kind
    outputs: int
    loss: LossFunction
    score_name: str

    def targets(self, targets: Tensor) -> Tensor:
        """Return targets (n,) float32 in the dtype that the loss takes."""
        return targets.long() if self.kind == "classes" else targets

    def score(self, outputs: Tensor, targets: Tensor) -> float:
        """Return accuracy, or R² (1 at best, 0 for telling the mean, NaN where all targets are equal)."""
        if self.kind == "regression":
            spread = float(((targets - targets.mean()) ** 2).sum())
            return 1.0 - float(((outputs[:, 0] - targets) ** 2).sum()) / spread if spread > 0 else math.nan
        if not math.isfinite(float(outputs.sum())):
            return math.nan
        return int((self.predictions(outputs) == targets).sum()) / len(targets)

    def predictions(self, outputs: Tensor) -> Tensor:
        """Return the class (n,) int64 that outputs (n, O) tell, or the number (n,) in a regression."""
        if self.kind == "regression":
            return outputs[:, 0]
        return (outputs[:, 0] > 0).long() if self.kind == "binary" else outputs.argmax(dim=1)

    def surface(self, outputs: Tensor) -> Tensor:
        """Return what a drawing of the plane shows of outputs (P, O), as (P,).

        That is P(class 1) for two classes, the prediction in a regression, and for k classes the winner plus its
        confidence: class + 0.999 (p - 1/k) / (1 - 1/k), so that the whole part is the class.
        """
        if self.kind == "regression":
            return outputs[:, 0]
        if self.kind == "binary":
            return torch.sigmoid(outputs[:, 0])
        best, winner = functional.softmax(outputs, dim=1).max(dim=1)
        least = 1.0 / self.outputs
        return winner + 0.999 * ((best - least) / (1 - least)).clamp(min=0)


def make_task(problem: Problem, loss: Loss) -> Task:
    """Return the task of a problem under a loss; raises SpecError where the two do not fit."""
    check_loss(problem.kind, loss)
    chosen = FITTING[problem.kind][0] if loss == "auto" else loss
    return Task(
        problem.kind,
        problem.outputs,
        LOSSES[problem.kind][chosen],
        "R²" if problem.kind == "regression" else "accuracy",
    )
