"""The playground: a small net learns points of the plane, and everything in it can be seen."""

from typing import Self

from pydantic import model_validator

from engine.data.catalogue import PROBLEMS
from engine.data.points_spec import PointsSpec, input_names, problem_of
from engine.errors import DataError
from engine.figures import boundary, confusion, curves, gradients, network
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import CardPicture, Lab
from engine.labs.playground_presets import PRESETS
from engine.labs.xor_grid import XOR_GRID
from engine.nets.mlp_spec import WIDE, MLPSpec
from engine.spec import Misfit
from engine.training.settings import FITTING, Loss, TrainingSpec


class PlaygroundSpec(TrainingSpec, MLPSpec, PointsSpec):
    """All settings of the playground: the points, the net, the training."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        # What an uploaded table asks for is known only when it is read.
        if self.dataset in PROBLEMS:
            self.check_loss(PROBLEMS[self.dataset].kind)
        if self.normalisation == "batch" and self.batch_size == 1:
            raise Misfit(
                "batch_size: expected 2 or more with batch norm, which compares points; received 1.",
                "Batch size: expected 2 or more with the normalisation Batch norm, which compares points; received 1.",
            )
        return self

    def fitting_losses(self) -> tuple[Loss, ...]:
        """Return the losses that fit what is learnt; nothing where a table cannot be read."""
        try:
            kind = PROBLEMS[self.dataset].kind if self.dataset in PROBLEMS else problem_of(self).kind
        except DataError:
            return ()
        return ("auto", *FITTING[kind])


def layer_names(spec: PlaygroundSpec) -> tuple[str, ...]:
    """Return the names of the layers with weights, the output layer last: ``layers.0``, ``layers.1``, ..."""
    return tuple(f"layers.{index}" for index in range(len(spec.units) + 1))


def layer_titles(spec: PlaygroundSpec) -> tuple[str, ...]:
    """Return what the same layers are called where no tensor is named: ``layer 1``, as in the form, to ``output
    layer``.
    """
    return (*(f"layer {number}" for number in range(1, len(spec.units) + 1)), "output layer")


def part_titles(spec: PlaygroundSpec) -> dict[str, str]:
    """Return all parts with weights by name, each with what it is called: the layers, and the wide part (``wide``).

    That stands before the output layer: both lead to the outputs, and first and last are the ends of the deep path.
    """
    *hidden, output = zip(layer_names(spec), layer_titles(spec), strict=True)
    return dict([*hidden, *([(WIDE, "wide part")] if spec.has_wide else []), output])


def tensor_names(spec: PlaygroundSpec) -> tuple[str, ...]:
    """Return the names of all parameters, as the net has them."""
    layers = [f"{layer}.{kind}" for layer in layer_names(spec) for kind in ("weight", "bias")]
    hidden = range(len(spec.units)) if spec.normalisation != "none" else ()
    norms = (f"norms.{index}.{kind}" for index in hidden for kind in ("weight", "bias"))
    return (*layers, *norms, *([f"{WIDE}.weight"] if spec.has_wide else []))


def panels(spec: PlaygroundSpec) -> tuple[Panel, ...]:
    """Return the panels of a run; raises DataError where an uploaded table cannot be read."""
    problem = problem_of(spec)
    titles = part_titles(spec)
    hidden = dict(zip(layer_names(spec)[:-1], layer_titles(spec), strict=False))
    weights = tuple(f"weights.{layer}.weight" for layer in layer_names(spec))
    shown = [
        boundary.boundary_panel(problem),
        network.network_panel(weights, input_names(spec), f"weights.{WIDE}.weight"),
        curves.loss_panel(),
        curves.score_panel(problem),
        *gradients.flow_panels(titles, gradients.map_panel(tensor_names(spec))),
    ]
    units = [gradients.units_panel(hidden)] if spec.units else []
    table = [confusion.confusion_panel(problem)] if problem.classes else []
    # On a screen of two columns a table takes a row of its own: the rest comes in pairs before it.
    last = [*units, *table, curves.rate_panel()] if units else [curves.rate_panel(), *table]
    return fill_rows([*shown, *last])


LAB = Lab(
    name="playground",
    title="Playground",
    summary="A small net learns points of the plane: watch its boundary, its neurons, its weights and its gradients.",
    task="Find the smallest net that separates the two spirals.",
    spec=PlaygroundSpec,
    experiment="engine.labs.playground_experiment:PlaygroundExperiment",
    panels=panels,
    picture=CardPicture(
        "Two spirals of points, the areas that a trained net has drawn around them, and what each of its units sees.",
        "engine.labs.playground_picture:draw",
    ),
    presets=PRESETS,
    sweeps=(XOR_GRID,),
)
