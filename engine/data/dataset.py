"""A data set, ready to be learnt: frozen numpy, split into training and validation, with all that a drawing needs.

Coordinates are what is drawn, inputs are what the net sees. ``Inputs`` leads from the one to the other, so that a net
can be asked about any place of the plane::

    dataset.inputs(grid)  # (P, D) coordinates -> (P, F) inputs
"""

from dataclasses import dataclass

import numpy as np

from engine.data.catalogue import Problem
from engine.errors import DataError

FEATURES = {
    "x": "x",
    "y": "y",
    "x2": "x²",
    "y2": "y²",
    "xy": "xy",
    "sin_x": "sin πx",
    "sin_y": "sin πy",
}


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """How coordinates become the inputs of a net: centred, scaled, then the chosen ``features`` of them.

    ``centre`` and ``scale`` have shape (D,); they were measured on the training points alone.
    """

    features: tuple[str, ...]
    centre: np.ndarray
    scale: np.ndarray

    def __call__(self, coordinates: np.ndarray) -> np.ndarray:
        """Return the inputs (n, F) float32 at ``coordinates`` (n, D)."""
        columns = ((coordinates - self.centre) / self.scale).T  # (D, n)
        return np.stack([_feature(name, columns) for name in self.features], axis=1).astype(np.float32)  # (n, F)


def _feature(name: str, columns: np.ndarray) -> np.ndarray:
    """Return the derived input ``name`` (n,) of the columns (D, n)."""
    x, y = columns[0], columns[-1]
    match name:
        case "x2":
            return x * x
        case "y2":
            return y * y
        case "xy":
            return x * y
        case "sin_x":
            return np.sin(np.pi * x)
        case "sin_y":
            return np.sin(np.pi * y)
    return y if name == "y" else x


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The training or the validation half: coordinates (n, D), inputs (n, F), targets (n,), all float32.

    A target is the index of a class, or the number itself in a regression.
    """

    coordinates: np.ndarray
    inputs: np.ndarray
    targets: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.coordinates, self.inputs, self.targets):
            array.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.targets)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """What there is to learn. Raises DataError where its parts do not fit together."""

    problem: Problem
    train: Part
    validation: Part
    inputs: Inputs
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, part in (("training", self.train), ("validation", self.validation)):
            _check(self, name, part)

    def extent(self, axis: int) -> tuple[float, float]:
        """Return the lowest and the highest coordinate of all points along ``axis``, with a margin of a tenth."""
        column = np.concatenate([self.train.coordinates[:, axis], self.validation.coordinates[:, axis]])
        low, high = float(column.min()), float(column.max())
        margin = 0.1 * (high - low) or 1.0
        return low - margin, high + margin


def _check(dataset: Dataset, name: str, part: Part) -> None:
    title = dataset.problem.title
    if len(part) == 0:
        raise DataError(f"{title} has no {name} points: expected at least one, so take more samples or another share.")
    shapes = [len(part.coordinates), len(part.inputs), len(part.targets)]
    if len(set(shapes)) > 1 or part.inputs.shape[1] != len(dataset.inputs.features):
        raise DataError(f"{title} does not fit together: received {shapes} rows and inputs {part.inputs.shape}.")
    if not all(np.isfinite(array).all() for array in (part.coordinates, part.inputs, part.targets)):
        raise DataError(f"{title} holds a {name} value that is not a finite number: expected finite numbers only.")
    classes = len(dataset.problem.classes)
    if classes and not ((part.targets >= 0) & (part.targets < classes)).all():
        raise DataError(f"{title} has a {name} label outside its {classes} classes.")
