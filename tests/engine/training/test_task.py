"""Scores against scikit-learn; the surface against its formula."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, r2_score

from engine.data.catalogue import PROBLEMS, Problem
from engine.errors import SpecError
from engine.training.settings import FITTING
from engine.training.task import make_task

REGRESSION, BINARY = PROBLEMS["plane"], PROBLEMS["spiral"]
CLASSES = Problem("four", "Four", "classes", ("a", "b", "c", "d"))


def _random(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(2))


def test_scores_are_those_of_scikit_learn():
    outputs, numbers = _random(50, 1), _random(50)
    assert make_task(REGRESSION, "auto").score(outputs, numbers) == pytest.approx(
        r2_score(numbers, outputs[:, 0]), rel=1e-5
    )
    labels = (torch.arange(50) % 2).float()
    assert make_task(BINARY, "auto").score(outputs, labels) == accuracy_score(labels, outputs[:, 0] > 0)
    four, classes = _random(50, 4), torch.arange(50) % 4
    assert make_task(CLASSES, "auto").score(four, classes) == accuracy_score(classes, four.argmax(1))


def test_score_of_what_is_not_a_number_is_not_a_number():
    broken = torch.full((4, 1), math.nan)
    assert math.isnan(make_task(BINARY, "auto").score(broken, torch.zeros(4)))
    assert math.isnan(make_task(REGRESSION, "auto").score(broken, torch.arange(4.0)))
    assert math.isnan(make_task(REGRESSION, "auto").score(torch.zeros(4, 1), torch.ones(4)))


def test_surface_of_classes_holds_the_winner_and_its_confidence():
    outputs = torch.cat([_random(200, 4) * 5, torch.zeros(1, 4), torch.tensor([[0.0, 0, 0, 200]])])
    surface = make_task(CLASSES, "auto").surface(outputs).numpy()
    told = torch.softmax(outputs.double(), dim=1).numpy()
    assert np.array_equal(np.floor(surface), told.argmax(axis=1))
    confidence = (told.max(axis=1) - 0.25) / 0.75
    assert surface - np.floor(surface) == pytest.approx(0.999 * confidence, abs=1e-5)


def test_surface_of_two_classes_is_the_probability_of_the_second():
    outputs = _random(9, 1)
    assert make_task(BINARY, "hinge").surface(outputs).tolist() == pytest.approx(torch.sigmoid(outputs[:, 0]).tolist())


@pytest.mark.parametrize("problem", [BINARY, CLASSES, REGRESSION], ids=lambda problem: problem.kind)
def test_only_losses_that_fit_are_taken(problem):
    for loss in {loss for losses in FITTING.values() for loss in losses} - set(FITTING[problem.kind]):
        with pytest.raises(SpecError, match=r"^loss: expected one of auto, .*received '" + loss):
            make_task(problem, loss)
    assert make_task(problem, "auto").loss is make_task(problem, FITTING[problem.kind][0]).loss
