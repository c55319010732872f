"""What a net tells about every place of the plane, and what each of its neurons does there.

Both come from one forward pass over a grid. Rows of a map go with y and columns with x, both from low to high.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from torch import Tensor

from engine.data.dataset import Dataset
from engine.readings import Reading
from engine.training.task import Task

GRID = 50
"""Cells of the boundary along each axis."""
MAP_STRIDE = 2
"""A neuron's map takes every second cell of the boundary's grid, both ways, from the second on."""
LINE_POINTS = 200
"""Places along a line, where points have one coordinate only."""


@dataclass(frozen=True, slots=True, eq=False)
class Axis(Reading):
    """The coordinates of the grid's columns (``x``) and rows (``y``), float32; ``y`` is empty on a line."""

    name: ClassVar[str] = "axis"
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Boundary(Reading):
    """What the net tells at each cell, float32 (G, G), or (G,) on a line; its meaning is ``Task.surface``."""

    name: ClassVar[str] = "boundary"
    value: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Neurons(Reading):
    """A small map for each unit, inputs first and outputs last: ``maps`` (units, g, g) uint8 from ``low`` to
    ``high``.
    """

    name: ClassVar[str] = "neurons"
    maps: np.ndarray
    low: np.ndarray
    high: np.ndarray


def make_axis(dataset: Dataset) -> Axis:
    """Return the grid over all points of a data set."""
    if dataset.problem.dimension == 1:
        return Axis(_spaced(dataset, 0, LINE_POINTS), np.zeros(0, np.float32))
    return Axis(_spaced(dataset, 0, GRID), _spaced(dataset, 1, GRID))


def grid_coordinates(axis: Axis) -> np.ndarray:
    """Return the places of the grid (P, D) float32, row by row."""
    if not len(axis.y):
        return axis.x[:, None]
    y, x = np.meshgrid(axis.y, axis.x, indexing="ij")
    return np.stack([x.ravel(), y.ravel()], axis=1)


def read_boundary(task: Task, outputs: Tensor, axis: Axis) -> Boundary:
    """Return the boundary from the outputs (P, O) of a net on the grid."""
    shape = (len(axis.y), len(axis.x)) if len(axis.y) else (len(axis.x),)
    return Boundary(task.surface(outputs).float().numpy().reshape(shape))


def map_cells(axis: Axis) -> np.ndarray:
    """Return which places of the grid the neurons' maps show, (g, g) int64; on a line every row is the same."""
    columns = np.arange(1, len(axis.x), MAP_STRIDE)
    if not len(axis.y):
        columns = columns[:: max(len(columns) // (GRID // MAP_STRIDE), 1)]
        return np.tile(columns, (len(columns), 1))
    rows = np.arange(1, len(axis.y), MAP_STRIDE)
    return rows[:, None] * len(axis.x) + columns


def read_neurons(units: np.ndarray, side: int) -> Neurons:
    """Return the maps of all units from their outputs (units, g * g) at the cells of ``map_cells``; ``side`` is g."""
    low, high = units.min(axis=1), units.max(axis=1)  # (units,), (units,)
    with np.errstate(invalid="ignore", over="ignore"):
        spread = np.maximum(high - low, 1e-12)
        levels = (units - low[:, None]) * (255 / spread)[:, None]  # (units, g * g)
    if not np.isfinite(spread).all():
        levels = np.nan_to_num(levels, nan=0, posinf=0, neginf=0)
    return Neurons(levels.astype(np.uint8).reshape(-1, side, side), low, high)


def _spaced(dataset: Dataset, axis: int, count: int) -> np.ndarray:
    low, high = dataset.extent(axis)
    return np.linspace(low, high, count, dtype=np.float32)
