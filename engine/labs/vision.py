"""Vision: a net learns to tell images apart, and its filters, feature maps and mistakes can be seen meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.data.catalogue import Problem
from engine.data.images import reading
from engine.data.images.halves import half
from engine.data.images.names import ALPHABETS
from engine.data.images.spec import DRAWN, OWN, ImagesSpec, size_of
from engine.figures import confusion, curves, gradients, images
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import CardPicture, Lab
from engine.labs.transfer_grid import TRANSFER
from engine.labs.vision_transfer import prepares
from engine.nets.images.layer import Layer
from engine.nets.images.plan import plan, title
from engine.nets.images.sketches import alexnet, table
from engine.spec import Knob, settings_by_name
from engine.training.augmentation_spec import AugmentationSpec
from engine.training.settings import FITTING, Loss, TrainingSpec
from engine.training.transfer_spec import TransferSpec

ALEXNET = "AlexNet, as in its paper"


class VisionSpec(TrainingSpec, AugmentationSpec, TransferSpec):
    """All settings of the lab: the images, the net, with what it begins, how images are changed, the training, and what
    is looked at.
    """

    batch_size: Annotated[int, Field(ge=2, le=512), Knob("Batch size", group="Training", help="Images in a step.")] = 32
    max_epochs: Annotated[
        int,
        Field(ge=1, le=1_000),
        Knob("Epochs at most", group="Stop", log=True, help="Passes over the training images."),
    ] = 100
    image: Annotated[
        int,
        Field(ge=0, le=99_999),
        Knob(
            "Image looked at",
            group="Watching",
            live=True,
            looks=True,
            help="Which of the images held out is followed through the net, by its number; may change while it runs.",
        ),
    ] = 0

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        self.check_loss("classes")
        return self

    def fitting_losses(self) -> tuple[Loss, ...]:
        """Return the losses that fit classes."""
        return ("auto", *FITTING["classes"])


WRITTEN = ("published:mnist",)
"""Of images that are brought those that are bright glyphs in the middle, on dark."""


def problem_of(spec: ImagesSpec) -> Problem:
    """Return what is asked of a net that learns the images of ``spec``; raises DataError where half of their classes
    are too few.
    """
    if spec.images == OWN:
        found = reading.kept(spec)
        if found is None:  # nobody knows its classes yet, and there is no run of them
            return Problem(spec.images, "images", "classes", ("0", "1"))
        title, classes = "images", found.record.classes
    else:
        letters = ALPHABETS[DRAWN.get(spec.images, "digits")]
        title, classes = "digits" if letters[0] == "0" else "letters", tuple(letters)
    places = half(classes, spec.classes, f"these {title}")
    return Problem(spec.images, title, "classes", classes[places.start : places.stop])


def panels(spec: VisionSpec) -> tuple[Panel, ...]:
    """Return the panels of a run."""
    problem, shown = problem_of(spec), plan(spec)
    layers = {layer: title(layer) for layer in shown.weighted}
    return fill_rows(
        [
            images.draw_panel(*size_of(spec), written=spec.images != OWN or spec.own_images in WRITTEN),
            images.image_panel(),
            images.prediction_panel(problem.classes),
            images.maps_panel(shown),
            curves.loss_panel("images"),
            curves.score_panel(problem, "images"),
            *images.kernel_panels(shown),
            images.batch_panel(),
            images.mistakes_panel(),
            images.suspects_panel(),
            confusion.confusion_panel(problem, "images"),
            *gradients.flow_panels(layers, images.matrix_panel(shown)),
            curves.rate_panel(),
        ]
    )


def tables(spec: VisionSpec) -> Mapping[str, Sequence[Layer]]:
    """Return the layers of the net of a run, and those of AlexNet; raises SpecError where one does not fit."""
    side, channels = size_of(spec)
    own = table(spec, (channels, side, side), len(problem_of(spec).classes))
    return {settings_by_name(type(spec))["net"].word(spec.net): own, ALEXNET: alexnet()}


LAB = Lab(
    name="vision",
    title="Vision",
    summary="A net learns to tell images apart: watch its filters, its feature maps and its mistakes.",
    task="Which two digits does the net mix up most, and what have those images in common?",
    spec=VisionSpec,
    experiment="engine.labs.vision_experiment:VisionExperiment",
    panels=panels,
    picture=CardPicture(
        "A digit, and what the first convolutions of a net that has learnt digits make of it.",
        "engine.labs.vision_picture:draw",
    ),
    sweeps=(TRANSFER,),
    prepares=prepares,
    layers=tables,
    why=True,
)
