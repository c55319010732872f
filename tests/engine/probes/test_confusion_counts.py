"""Confusion, precision, recall and F1 against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from engine.probes.confusion import class_scores, count_confusion


@pytest.mark.parametrize("classes", [2, 3, 8])
def test_counts_and_scores_are_those_of_scikit_learn(classes):
    generator = np.random.default_rng(classes)
    truth, told = generator.integers(0, classes, 200), generator.integers(0, classes, 200)
    counts = count_confusion(truth, told, classes)
    assert (counts == confusion_matrix(truth, told)).all()
    expected = precision_recall_fscore_support(truth, told)[:3]
    assert class_scores(counts) == pytest.approx(np.stack(expected, axis=1), rel=1e-6)


def test_what_was_never_told_or_never_occurs_has_no_score():
    scores = class_scores(count_confusion(np.array([0, 0, 1]), np.array([0, 0, 0]), 3))
    assert scores[0].tolist() == pytest.approx([2 / 3, 1, 0.8])
    assert np.isnan(scores[1, 0])
    assert scores[1, 1:].tolist() == [0, 0]
    assert np.isnan(scores[2]).all()
