"""Which points are learnt: the settings, and what they ask of a net; light, so that forms and figures can use it."""

from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from engine.data import uploads
from engine.data.catalogue import MADE, PROBLEMS, TABLES, Problem
from engine.data.dataset import FEATURES
from engine.data.drawing import MOST_CHARS, checked, classes_of
from engine.data.reading import read_header, read_table
from engine.data.table import Table
from engine.errors import DataError
from engine.spec import Altered, Knob, Spec

DatasetName = Literal[
    "circle",
    "xor",
    "gaussians",
    "spiral",
    "moons",
    "blobs",
    "plane",
    "bumps",
    "line",
    "iris",
    "wine",
    "breast_cancer",
    "drawn",
    "csv",
]
Feature = Literal["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]
LABELS = {name: problem.title for name, problem in PROBLEMS.items()} | {
    "drawn": "Points that you draw",
    "csv": "Your own table (CSV)",
}


def column_choices(spec: "PointsSpec") -> tuple[str, ...]:
    """Return the columns that can be drawn along an axis; nothing where the table cannot be read."""
    try:
        # By the data set alone: that one axis is set amiss is no reason to offer nothing for the other.
        return problem_of(spec.model_copy(update={"inputs_from": "principal"})).columns
    except DataError:
        return ()


def target_choices(spec: "PointsSpec") -> tuple[str, ...]:
    """Return the columns of the uploaded table that can be the target; nothing where it cannot be read."""
    try:
        return _header_of(spec.upload)
    except DataError:
        return ()


def feature_choices(spec: "PointsSpec") -> tuple[str, ...]:
    """Return the inputs that points of this data set have; nothing where the table cannot be read."""
    try:
        dimension = problem_of(spec).dimension
    except DataError:
        return ()
    return tuple(name for name in FEATURES if dimension == 2 or "y" not in name)


def _knob(label: str, alters: tuple[Altered, ...] = ("data",), **rest: object) -> Knob:
    return Knob(label, group="Data", alters=alters, **rest)  # type: ignore[arg-type]


_ALL: tuple[Altered, ...] = ("data", "weights")
"""Of a setting by which a net gets other inputs or outputs, and so other weights."""


class PointsSpec(Spec):
    """Which points are learnt, and how they reach the net."""

    dataset: Annotated[DatasetName, _knob("Data set", _ALL, labels=LABELS, help="What there is to learn.")] = "spiral"
    classes: Annotated[
        int,
        Field(ge=3, le=8),
        _knob("Classes", _ALL, when={"dataset": ("blobs",)}, help="How many blobs, each a class."),
    ] = 4
    drawing: Annotated[
        str,
        Field(max_length=MOST_CHARS),
        AfterValidator(checked),
        Knob("Drawing", group="Data", when={"dataset": ("drawn",)}, hidden=True, alters=_ALL),
    ] = ""
    upload: Annotated[
        str,
        Field(max_length=64, pattern=r"^([0-9a-f]{64})?$"),
        Knob("Table", group="Data", when={"dataset": ("csv",)}, hidden=True, alters=_ALL),
    ] = ""
    target: Annotated[
        str,
        Field(max_length=200),
        _knob(
            "Target column",
            _ALL,
            when={"dataset": ("csv",)},
            choices=target_choices,
            help="The column to be told from the others; the last one if none is chosen.",
        ),
    ] = ""
    inputs_from: Annotated[
        Literal["principal", "columns"],
        _knob(
            "Axes from",
            when={"dataset": TABLES},
            labels={"principal": "Two principal components", "columns": "Two columns"},
            help="A table has many columns and a drawing two axes: its two principal components, or two columns of it.",
        ),
    ] = "principal"
    column_x: Annotated[
        str,
        Field(max_length=200),
        _knob("Column along x", when={"dataset": TABLES, "inputs_from": ("columns",)}, choices=column_choices),
    ] = ""
    column_y: Annotated[
        str,
        Field(max_length=200),
        _knob("Column along y", when={"dataset": TABLES, "inputs_from": ("columns",)}, choices=column_choices),
    ] = ""
    samples: Annotated[
        int,
        Field(ge=20, le=2000),
        _knob("Points", step=10, when={"dataset": MADE}, help="Training and validation together."),
    ] = 400
    noise: Annotated[
        float,
        Field(ge=0, le=1),
        _knob("Noise", step=0.05, when={"dataset": MADE}, help="Shifts every point at random."),
    ] = 0.05
    train_share: Annotated[
        float,
        Field(ge=0.1, le=0.9),
        _knob("Share for training", step=0.05, help="The rest is held out for validation."),
    ] = 0.7
    features: Annotated[
        tuple[Feature, ...],
        Field(min_length=1, max_length=7),
        _knob(
            "Inputs",
            _ALL,
            labels=FEATURES,
            choices=feature_choices,
            help="What the net sees of a point: its coordinates, or functions of them.",
        ),
    ] = ("x", "y")
    standardise: Annotated[
        bool,
        _knob("Standardise inputs", help="Subtract the mean of the training points and divide by their deviation."),
    ] = True
    shuffled_labels: Annotated[
        float,
        Field(ge=0, le=1),
        _knob(
            "Shuffled labels",
            step=0.05,
            advanced=True,
            help="The share of points whose labels are dealt out among them anew: what they say then means nothing.",
        ),
    ] = 0.0
    data_seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        _knob("Seed of the points", advanced=True, help="Points, noise and split follow from it."),
    ] = 1


def problem_of(spec: PointsSpec) -> Problem:
    """Return what is asked of the net; raises DataError where an uploaded table, or a drawing, cannot be used."""
    if spec.dataset == "drawn":
        classes = classes_of(spec.drawing)
        return Problem("drawn", LABELS["drawn"], "binary" if len(classes) == 2 else "classes", classes)
    if spec.dataset == "csv":
        return _csv_problem(spec, uploaded(spec.upload, spec.target))
    problem = PROBLEMS[spec.dataset]
    if spec.dataset == "blobs":
        return replace(problem, classes=problem.classes[: spec.classes])
    return replace(problem, axes=_axes(spec, problem.columns)) if problem.columns else problem


def features_of(spec: PointsSpec, problem: Problem) -> tuple[str, ...]:
    """Return the chosen inputs, without those that need a second coordinate where there is one only."""
    if problem.dimension == 2:
        return tuple(dict.fromkeys(spec.features))
    return tuple(name for name in dict.fromkeys(spec.features) if "y" not in name) or ("x",)


def input_names(spec: PointsSpec) -> tuple[str, ...]:
    """Return the inputs of the net as they are shown: ``x``, ``x²``, ...; raises DataError as ``problem_of`` does."""
    return tuple(FEATURES[name] for name in features_of(spec, problem_of(spec)))


def uploaded(upload: str, target: str) -> Table:
    """Return the uploaded table with this id; raises DataError where there is none or it cannot be learnt from."""
    if not upload:
        raise DataError("No table has been uploaded yet: choose a CSV file, or another data set.")
    table = _read(upload, target)
    if isinstance(table, str):
        raise DataError(table)
    return table


# A file never changes under its id, and a form asks for it at every drawing: it is read once, its faults too. That it
# is not there is not kept, for it may come.
@lru_cache(maxsize=8)
def _read(upload: str, target: str) -> Table | str:
    file = uploads.load(upload)
    try:
        return read_table(file.data, file.name, target)
    except DataError as error:
        return str(error)


@lru_cache(maxsize=64)
def _header_of(upload: str) -> tuple[str, ...]:
    file = uploads.load(upload)
    return read_header(file.data, file.name)


def _csv_problem(spec: PointsSpec, table: Table) -> Problem:
    kind = "regression" if not table.classes else "binary" if len(table.classes) == 2 else "classes"
    target = table.target if table.classes else f"{table.target} (in deviations from its mean)"
    return Problem("csv", LABELS["csv"], kind, table.classes, table.columns, _axes(spec, table.columns), target)


def _axes(spec: PointsSpec, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the axes of a table; raises DataError for a column that it does not have."""
    if spec.inputs_from == "principal":
        return ("component 1", "component 2") if len(columns) > 1 else columns
    for name in (spec.column_x, spec.column_y):
        if name and name not in columns:
            raise DataError(
                f"{LABELS[spec.dataset]} has no column {name[:40]!r}: expected one of {', '.join(columns)[:200]}."
            )
    x = spec.column_x or columns[0]
    y = spec.column_y or next((name for name in columns if name != x), x)
    return (x, y) if len(columns) > 1 else (x,)
