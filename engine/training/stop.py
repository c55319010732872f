"""When it is enough: a target score, or patience with a validation loss that no longer falls."""

import math
from collections.abc import Mapping

from engine.training.experiment import Step
from engine.training.settings import TrainingSpec


class Stop:
    """The stop conditions of one walk. Asked after whole epochs only, so that it never depends on who looks, or
    when.
    """

    def __init__(self, spec: TrainingSpec) -> None:
        self._spec = spec
        self._lowest = math.inf
        self._since = 0.0
        self.reason: str | None = None

    @property
    def numbers(self) -> dict[str, float]:
        """Return what has been noted until now; ``restore`` takes it."""
        return {"lowest_val_loss": self._lowest, "lowest_since": self._since}

    def restore(self, numbers: Mapping[str, float]) -> None:
        """Take up what another walk over the same steps had noted."""
        self._lowest, self._since = numbers["lowest_val_loss"], numbers["lowest_since"]

    def asks(self, step: Step) -> bool:
        """Tell whether there is anything to ask at this step."""
        return step.epoch.is_integer() and bool(self._spec.target_score or self._spec.patience)

    def reached(self, step: Step, loss: float, score: float) -> bool:
        """Take note of validation loss and score at ``step``; tell whether training should end, and keep the reason."""
        if loss < self._lowest:
            self._lowest, self._since = loss, step.epoch
        if self._spec.target_score and score >= self._spec.target_score:
            self.reason = f"The validation score reached {score:.3g}, the target was {self._spec.target_score:g}."
        elif self._spec.patience and step.epoch - self._since >= self._spec.patience:
            self.reason = (
                f"The validation loss has not fallen below {self._lowest:.4g} for {self._spec.patience} epochs."
            )
        return self.reason is not None
