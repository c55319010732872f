"""The settings of training a net that tells symbols; light, so that a form can be made of them without torch."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.spec import Knob
from engine.training.settings import FITTING, Loss, TrainingSpec


class SymbolsTrainingSpec(TrainingSpec):
    """How a net is trained that tells at each place which symbol belongs there: symbols are classes.

    Gradients are clipped from the start, for such nets are deep, in their blocks or in time.
    """

    clip: Annotated[
        float,
        Field(ge=0, le=10),
        Knob(
            "Longest gradient",
            "A longer one is shortened to it, all weights together, ahead of the update; 0 for any length.",
            group="Training",
            step=0.5,
            advanced=True,
            live=True,
        ),
    ] = 1.0

    @model_validator(mode="after")
    def _loss_fits(self) -> Self:
        self.check_loss("classes")
        return self

    def fitting_losses(self) -> tuple[Loss, ...]:
        """Return the losses that fit symbols, which are classes."""
        return ("auto", *FITTING["classes"])
