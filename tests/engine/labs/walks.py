"""What the tests of labs have in common whose nets learn: walking to a step, looking, and contracts of what is seen."""

from itertools import islice
from typing import Any

import numpy as np
import pytest

from engine.explanation import Cell
from engine.readings import Arrays, arrays_of
from engine.training.experiment import Experiment, Moment, Step


def walked(experiment: Experiment, step: int) -> tuple[Step, Moment]:
    """Walk to a step, with its update foreseen, and look."""
    walk = experiment.steps()
    if step:
        next(islice(walk, step - 1, None))
        experiment.foresee()
    last = next(walk)
    return last, experiment.observe(last)


def frame(experiment: Experiment, moment: Moment) -> Arrays:
    """Return the arrays of the frame of a moment, its scalars among them."""
    scalars = np.array([moment.scalars[name] for name in experiment.scalars])
    return arrays_of(moment.readings) | {"scalars": scalars}


def seen_alike(experiment: Experiment, observer: Experiment, name: str = "", value: str = "") -> Moment:
    """Hold what an observer sees to what the worker itself would, bit for bit, and return it.

    Before the step that is looked at the live setting ``name`` gets another value.
    """
    walk = experiment.steps()
    next(islice(walk, 3, None))
    experiment.foresee()
    if name:
        experiment.set(name, value)
    step = next(walk)
    observer.adopt(experiment.snapshot())
    there, here = observer.observe(step), experiment.observe(step)
    assert arrays_of(there.readings).keys() == arrays_of(here.readings).keys()
    for one, array in arrays_of(here.readings).items():
        np.testing.assert_array_equal(arrays_of(there.readings)[one], array, err_msg=one)
    assert there.words == here.words
    scalars = [{**moment.scalars, "batch_loss": 0.0} for moment in (there, here)]  # of the batches not told of yet
    np.testing.assert_equal(*scalars)
    return there


def each_told(experiment: Any, step: int = 3) -> tuple[int, Arrays]:
    """Hold what is told of the first and of another number of each array of a frame, and of each scalar, to its value;
    return the number of the step, and the frame.
    """
    at, moment = walked(experiment, step)
    arrays = frame(experiment, moment)
    for name, array in arrays.items():
        if name != "scalars":
            for index in {(0,) * array.ndim, tuple(min(1, side - 1) for side in array.shape)}:
                told = experiment.explain(at.number, arrays, Cell(name, index))
                assert told.value == pytest.approx(float(array[index]), nan_ok=True), name
                assert told.what, name
    for name in experiment.scalars:
        told = experiment.explain(at.number, arrays, Cell(f"scalars.{name}"))
        assert told.value == pytest.approx(moment.scalars[name], nan_ok=True), name
    return at.number, arrays
