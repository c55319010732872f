"""XOR by depth and width: of nets of each shape, how many seeds come to solve it, and how soon. Light: no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median_low
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.labs.sweep import Place, Sweep
from engine.nets.mlp_spec import Activation, MLPSpec
from engine.spec import Knob, Spec, settings_by_name

SOLVED = 0.95
"""The accuracy on held-out points from which a net counts as one that has solved it."""
MOST_EPOCHS = 100
_ACTIVATION = settings_by_name(MLPSpec)["activation"].knob

Steps = Sequence[int | None]
"""Of each seed, the step at which it had solved XOR; None if it did not."""


class XorGridSpec(Spec):
    """Which nets are trained."""

    depths: Annotated[
        tuple[Literal["0", "1", "2", "3", "4"], ...],
        Field(min_length=1, max_length=5),
        Knob("Hidden layers", help="The rows. Without hidden layers there is no width: that is one net alone."),
    ] = ("0", "1", "2", "3", "4")
    widths: Annotated[
        tuple[Literal["1", "2", "3", "4", "5", "6", "7", "8"], ...],
        Field(min_length=1, max_length=8),
        Knob("Units in each of them", help="The columns."),
    ] = ("1", "2", "3", "4", "5", "6", "7", "8")
    activation: Annotated[Activation, replace(_ACTIVATION, group="")] = "tanh"
    seeds: Annotated[
        int, Field(ge=1, le=20), Knob("Seeds", help="So many nets of each shape; they differ by chance alone.")
    ] = 10


def places(spec: XorGridSpec) -> tuple[Place, ...]:
    """Return depth and width of all nets, the shallowest first; the width of one without hidden layers is 0."""
    depths, widths = ({int(one) for one in chosen} for chosen in (spec.depths, spec.widths))
    deep = [(depth, width) for depth in sorted(depths - {0}) for width in sorted(widths)]
    return tuple([(0, 0)] * (0 in depths) + deep)


def settings_of(spec: XorGridSpec, place: Place, seed: int = 1) -> dict[str, Any]:
    """Return the settings of the playground with which a net of a place is trained, until it has solved XOR."""
    depth, width = place
    return {
        "dataset": "xor",
        "units": (width,) * depth,
        "activation": spec.activation,
        "learning_rate": 0.03,
        "target_score": SOLVED,
        "max_epochs": MOST_EPOCHS,
        "seed": seed,
    }


def seeds_of(spec: XorGridSpec) -> range:
    """Return the seeds of the nets of each place."""
    return range(1, spec.seeds + 1)


def share(steps: Steps) -> float:
    """Return which share of the seeds has solved it."""
    return sum(step is not None for step in steps) / len(steps)


def typical(steps: Steps) -> int | None:
    """Return the median of the steps that those took who have solved it (the lower one of two); None of nobody."""
    solved = [step for step in steps if step is not None]
    return median_low(solved) if solved else None


def typical_seed(spec: XorGridSpec, finding: Mapping[str, Any]) -> int:
    """Return the first seed that took the typical number of steps; the first of all where none has solved it."""
    steps = finding["steps"]
    return seeds_of(spec)[steps.index(typical(steps))]


XOR_GRID = Sweep("xor", XorGridSpec, places, "engine.labs.xor_grid_training:train")
