"""The settings of training; light, so that a form can be made of them without torch."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.catalogue import Kind
from engine.errors import SpecError
from engine.spec import Knob, Misfit, Spec, settings_by_name

Loss = Literal["auto", "mse", "mae", "huber", "logistic", "cross_entropy", "hinge"]
Optimizer = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Schedule = Literal["constant", "step", "exponential", "inverse_time", "cosine", "one_cycle"]
FITTING: dict[Kind, tuple[Loss, ...]] = {
    "binary": ("logistic", "hinge", "mse"),
    "classes": ("cross_entropy", "hinge", "mse"),
    "regression": ("mse", "mae", "huber"),
}
"""The losses that fit each kind of problem; the first is the one that ``auto`` takes."""
KINDS: dict[Kind, str] = {"binary": "two classes", "classes": "three or more classes", "regression": "numbers"}
SCHEDULED = ("step", "exponential", "inverse_time", "cosine", "one_cycle")


class TrainingSpec(Spec):
    """How a net is trained, and when it is enough."""

    loss: Annotated[
        Loss,
        Knob(
            "Loss",
            group="Training",
            labels={
                "auto": "Fitting the problem",
                "mse": "Squared error",
                "mae": "Absolute error",
                "huber": "Huber",
                "logistic": "Logistic",
                "cross_entropy": "Cross-entropy",
                "hinge": "Hinge",
            },
            choices=lambda spec: spec.fitting_losses(),
            help="What is made small: logistic for two classes, cross-entropy for more, squared error for numbers.",
        ),
    ] = "auto"
    optimizer: Annotated[
        Optimizer,
        Knob(
            "Optimizer",
            group="Training",
            labels={
                "sgd": "SGD",
                "momentum": "Momentum",
                "nesterov": "Nesterov",
                "adagrad": "AdaGrad",
                "rmsprop": "RMSProp",
                "adam": "Adam",
                "adamw": "AdamW",
            },
        ),
    ] = "adam"
    learning_rate: Annotated[
        float,
        Field(ge=1e-5, le=10),
        Knob(
            "Learning rate",
            group="Training",
            log=True,
            live=True,
            help="How far a step goes; may change while it runs.",
        ),
    ] = 0.003
    momentum: Annotated[
        float,
        Field(ge=0, le=0.99),
        Knob(
            "Momentum",
            group="Training",
            step=0.01,
            when={"optimizer": ("momentum", "nesterov")},
            help="The share of the last step's velocity that is kept.",
        ),
    ] = 0.9
    batch_size: Annotated[int, Field(ge=1, le=512), Knob("Batch size", group="Training", help="Points in a step.")] = 32
    schedule: Annotated[
        Schedule,
        Knob(
            "Schedule",
            group="Training",
            advanced=True,
            labels={
                "constant": "Constant",
                "step": "Halved in steps",
                "exponential": "Exponential",
                "inverse_time": "1 / t",
                "cosine": "Cosine",
                "one_cycle": "One cycle",
            },
            help="How the learning rate changes over the epochs.",
        ),
    ] = "constant"
    horizon: Annotated[
        int,
        Field(ge=1, le=5000),
        Knob(
            "Horizon (epochs)",
            group="Training",
            log=True,
            advanced=True,
            when={"schedule": SCHEDULED},
            help="Epochs until the rate is halved, or until the cosine or the cycle ends.",
        ),
    ] = 200
    warm_up_epochs: Annotated[
        int,
        Field(ge=0, le=500),
        Knob(
            "Warm-up (epochs)",
            group="Training",
            advanced=True,
            help="Epochs over which the rate climbs from a hundredth.",
        ),
    ] = 0
    l1: Annotated[
        float, Field(ge=0, le=1), Knob("L1 penalty", group="Training", advanced=True, help="Pulls weights to zero.")
    ] = 0.0
    l2: Annotated[
        float,
        Field(ge=0, le=1),
        Knob(
            "L2 penalty",
            group="Training",
            advanced=True,
            help="Shrinks weights in proportion; with AdamW it is a decay apart from the gradient.",
        ),
    ] = 0.0
    max_epochs: Annotated[
        int,
        Field(ge=1, le=100_000),
        Knob("Epochs at most", group="Stop", log=True, help="Passes over the training points."),
    ] = 3000
    target_score: Annotated[
        float,
        Field(ge=0, le=1),
        Knob(
            "Target score", group="Stop", step=0.01, advanced=True, help="Ends when validation reaches it; 0 for never."
        ),
    ] = 0.0
    patience: Annotated[
        int,
        Field(ge=0, le=10_000),
        Knob(
            "Patience (epochs)",
            group="Stop",
            advanced=True,
            help="Ends after so many epochs without a lower validation loss; 0 for never.",
        ),
    ] = 0
    seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        Knob(
            "Seed",
            group="Training",
            alters=("weights",),
            help="Initial weights, the order of the points and dropout follow from it.",
        ),
    ] = 1

    def check_loss(self, kind: Kind) -> None:
        """Raise Misfit, for a validator, where the loss does not fit a kind of problem."""
        try:
            check_loss(kind, self.loss)
        except SpecError as error:
            loss = settings_by_name(type(self))["loss"]
            fitting = loss.word(("auto", *FITTING[kind]))
            raise Misfit(
                str(error),
                f"Loss: expected one of {fitting}, for this data set asks for {KINDS[kind]}; "
                f"received {loss.word(self.loss)}.",
            ) from None

    def fitting_losses(self) -> tuple[Loss, ...]:
        """Return the losses that fit what is learnt; nothing where that is not known."""
        return ()


def check_loss(kind: Kind, loss: Loss) -> None:
    """Raise SpecError where a loss does not fit a kind of problem."""
    if loss != "auto" and loss not in FITTING[kind]:
        fitting = ", ".join(("auto", *FITTING[kind]))
        raise SpecError(
            f"loss: expected one of {fitting}, for this data set asks for {KINDS[kind]}; received {loss!r}."
        )
