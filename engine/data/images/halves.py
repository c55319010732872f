"""Half of the classes, and few of the images: what is left out where a net is to learn from less than there is."""

from collections.abc import Sequence

import numpy as np

from engine.data.images.spec import Classes
from engine.errors import DataError


def half(classes: Sequence[str], which: Classes, title: str) -> range:
    """Return the places of half of some ``classes``, in their order; of an odd number the first half has one more.

    Raises DataError where it has fewer than two, for then there is nothing to tell apart; ``title`` names the images.
    """
    middle = (len(classes) + 1) // 2
    start, stop = {"all": (0, len(classes)), "first_half": (0, middle), "second_half": (middle, len(classes))}[which]
    places = range(start, stop)
    if len(places) < 2:
        raise DataError(
            f"Half of the classes of {title} cannot be learnt alone: expected at least four classes, so that each half "
            f"has two to tell apart, received {len(classes)}."
        )
    return places


def other(which: Classes) -> Classes:
    """Return the half that is left."""
    return "first_half" if which == "second_half" else "second_half"


def few(labels: np.ndarray, rows: np.ndarray, most: int, generator: np.random.Generator) -> np.ndarray:
    """Return at most so many of some ``rows``, (n,) int64, sorted: drawn at random, each class in turn.

    ``labels`` are those of all images. Whoever asks for more gets these and others.
    """
    if len(rows) <= most:
        return rows
    drawn = generator.permutation(rows)
    turn = np.empty(len(drawn), np.int64)  # the how manieth of its class
    for label in np.unique(labels[drawn]):
        its = np.flatnonzero(labels[drawn] == label)
        turn[its] = np.arange(len(its))
    return np.sort(drawn[np.argsort(turn, kind="stable")][:most])
