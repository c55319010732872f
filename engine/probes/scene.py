"""What stays as it is while a net learns points: the points themselves and the shape of the net."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from engine.data.dataset import Dataset, Part
from engine.readings import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Scatter(Reading):
    """All points as they are drawn, float32 (n,) each: where they lie, and their class or number.

    Points of a line lie as high as the number that is to be told.
    """

    name: ClassVar[str] = "points"
    train_x: np.ndarray
    train_y: np.ndarray
    train_label: np.ndarray
    validation_x: np.ndarray
    validation_y: np.ndarray
    validation_label: np.ndarray

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Return the points of a data set."""
        return cls(*_columns(dataset.train), *_columns(dataset.validation))


@dataclass(frozen=True, slots=True, eq=False)
class Network(Reading):
    """How many units each column of the drawing has, inputs first and outputs last, int32."""

    name: ClassVar[str] = "network"
    units: np.ndarray


def _columns(part: Part) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    on_a_line = part.coordinates.shape[1] == 1
    return part.coordinates[:, 0], part.targets if on_a_line else part.coordinates[:, 1], part.targets
