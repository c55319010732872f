"""Points of a plane (or of a line) with something to be told about each: made by formula, real, or uploaded.

Points, noise and split each draw from a stream of their own below ``data_seed``: more noise moves the same points
further, another share splits the same points elsewhere.
"""

import numpy as np

from engine.data import generators, real
from engine.data.catalogue import TABLES, Problem
from engine.data.dataset import Dataset, Inputs, Part
from engine.data.drawing import read_drawing
from engine.data.points_spec import PointsSpec, features_of, problem_of, uploaded
from engine.seeds import numpy_generator

Columns = tuple[np.ndarray, np.ndarray, tuple[str, ...]]
"""Columns (n, C), targets (n,) and warnings."""
NOISE_REACH = 0.4
"""Standard deviation of the shift of each coordinate (or of a regression's target) at a noise of 1."""


def make_dataset(spec: PointsSpec) -> Dataset:
    """Return the points of ``spec``, split and ready for a net.

    Raises DataError where an uploaded table, or a drawing, cannot be learnt from.
    """
    problem = problem_of(spec)
    columns, targets, warnings = _columns(spec, problem)
    targets = _shuffled(spec, targets)
    train, validation = _split(spec, len(targets))
    if spec.dataset in TABLES:
        columns = _coordinates(spec, problem, columns, train)
        targets = _comparable(problem, targets, train)
    coordinates, targets = columns.astype(np.float32), targets.astype(np.float32)
    inputs = _inputs(spec, problem, coordinates[train])

    def part(chosen: np.ndarray) -> Part:
        return Part(coordinates[chosen], inputs(coordinates[chosen]), targets[chosen])

    return Dataset(problem, part(train), part(validation), inputs, warnings)


def _columns(spec: PointsSpec, problem: Problem) -> Columns:
    if spec.dataset == "drawn":
        coordinates, labels = read_drawing(spec.drawing)
        absent = sorted({*range(len(problem.classes))} - {*labels.tolist()})
        told = ", ".join(problem.classes[label] for label in absent)
        return coordinates, labels, (f"There are no points of {told}.",) if absent else ()
    return _table(spec) if spec.dataset in TABLES else _made(spec, problem)


def _made(spec: PointsSpec, problem: Problem) -> Columns:
    """Return coordinates (n, D), targets (n,) and no warnings, shifted by noise.

    In a regression noise moves the target, else the coordinates.
    """
    generator = numpy_generator(spec.data_seed, "data", "points")
    if spec.dataset == "blobs":
        coordinates, targets = generators.blobs(spec.samples, generator, spec.classes)
    else:
        coordinates, targets = generators.GENERATORS[spec.dataset](spec.samples, generator)
    noise = numpy_generator(spec.data_seed, "data", "noise")
    if problem.kind == "regression":
        return coordinates, targets + noise.normal(0.0, 1.0, targets.shape) * spec.noise * NOISE_REACH, ()
    return coordinates + noise.normal(0.0, 1.0, coordinates.shape) * spec.noise * NOISE_REACH, targets, ()


def _shuffled(spec: PointsSpec, targets: np.ndarray) -> np.ndarray:
    """Return the targets (n,), of a share of the points dealt out anew among these points."""
    generator = numpy_generator(spec.data_seed, "data", "labels")
    chosen = generator.permutation(len(targets))[: round(len(targets) * spec.shuffled_labels)]
    shuffled = targets.copy()
    shuffled[chosen] = targets[generator.permutation(chosen)]
    return shuffled


def _split(spec: PointsSpec, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the training and of the validation points: at least two and one."""
    order = numpy_generator(spec.data_seed, "data", "split").permutation(count)
    cut = min(max(round(count * spec.train_share), 2), count - 1)
    return order[:cut], order[cut:]


def _inputs(spec: PointsSpec, problem: Problem, train: np.ndarray) -> Inputs:
    if not spec.standardise:
        return Inputs(features_of(spec, problem), np.zeros(problem.dimension), np.ones(problem.dimension))
    wide = train.astype(np.float64)
    deviation = wide.std(axis=0)
    return Inputs(features_of(spec, problem), wide.mean(axis=0), np.where(deviation > 0, deviation, 1.0))


def _table(spec: PointsSpec) -> Columns:
    if spec.dataset == "csv":
        table = uploaded(spec.upload, spec.target)
        return table.numbers, table.targets, table.warnings
    return *real.table(spec.dataset), ()


def _coordinates(spec: PointsSpec, problem: Problem, columns: np.ndarray, train: np.ndarray) -> np.ndarray:
    if spec.inputs_from == "columns" or columns.shape[1] == 1:
        return columns[:, [problem.columns.index(name) for name in problem.axes]]
    return _principal(columns, train)


def _principal(columns: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Return the two principal components (n, 2) of standardised columns (n, C), measured on the training rows
    alone.
    """
    deviation = columns[train].std(axis=0)
    standard = (columns - columns[train].mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    directions = np.linalg.svd(standard[train], full_matrices=False)[2][:2]  # (2, C)
    # A direction and its opposite are equally principal: the largest weight is made positive, so that runs agree.
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return standard @ (directions * np.where(largest < 0, -1.0, 1.0)).T


def _comparable(problem: Problem, targets: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Return the targets of a regression in deviations from their mean, measured on the training rows alone.

    Prices in the millions would need other learning rates than anything else here.
    """
    if problem.kind != "regression":
        return targets
    return (targets - targets[train].mean()) / (targets[train].std() or 1.0)
