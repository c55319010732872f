"""Which class is taken for which, with precision, recall and F1."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from torch import Tensor

from engine.readings import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Confusion(Reading):
    """Counts (K, K) int32 for each half, rows the true class, columns the one told.

    ``scores`` (K, 3) float32 holds precision, recall and F1 of each class on the validation points; NaN where a class
    was never told (precision) or never occurs (recall).
    """

    name: ClassVar[str] = "confusion"
    train: np.ndarray
    validation: np.ndarray
    scores: np.ndarray


def read_confusion(
    train: Tensor, train_told: Tensor, validation: Tensor, validation_told: Tensor, classes: int
) -> Confusion:
    """Return both matrices, from the true classes (n,) and the classes told (n,) of each half."""
    counts = count_confusion(validation.long().numpy(), validation_told.numpy(), classes)
    return Confusion(count_confusion(train.long().numpy(), train_told.numpy(), classes), counts, class_scores(counts))


def count_confusion(truth: np.ndarray, told: np.ndarray, classes: int) -> np.ndarray:
    """Return how often each true class (row) was told as each class (column), (K, K) int32."""
    pairs = np.bincount(truth * classes + told, minlength=classes * classes)
    return pairs.reshape(classes, classes).astype(np.int32)


def class_scores(counts: np.ndarray) -> np.ndarray:
    """Return precision, recall and F1 (K, 3) float32 of counts (K, K)."""
    right = np.diagonal(counts).astype(np.float64)
    told, true = counts.sum(axis=0), counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.stack([right / told, right / true, 2 * right / (told + true)], axis=1)
    return scores.astype(np.float32)
