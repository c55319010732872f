"""A space cut down to its first principal components: what is lost when its words get fewer numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engine.errors import DataError
from engine.words.space import Space
from engine.words.stored import Stored

BLOCK = 4_096
SIZES = (2, 3, 5, 10, 20, 50, 100, 200, 300)


class Cut:
    """The first ``restrict`` words of a space, turned so that their first d numbers hold as much as d numbers can.

    The components are those of V'V, through the origin (Eckart and Young 1936, doi 10.1007/BF02288367): cosines are
    angles at the origin, and with all components they are those of the space itself. Raises DataError where there is
    no word.
    """

    def __init__(self, space: Space, restrict: int) -> None:
        count = min(restrict, len(space))
        if count < 1:
            raise DataError(f"A space is cut down for its first words: expected 1 or more, received {restrict}.")
        product = np.zeros((space.dimensions, space.dimensions))
        for some in _blocks(space.vectors[:count]):
            product += some.T @ some
        _, directions = np.linalg.eigh(product)
        self._turned = np.empty((count, space.dimensions), np.float32)
        for start, some in zip(range(0, count, BLOCK), _blocks(space.vectors[:count]), strict=True):
            self._turned[start : start + BLOCK] = some @ directions[:, ::-1]
        self._words = space.words.first(count)
        self._frequency = None if space.frequency is None else space.frequency[:count]
        self._provenance = replace(space.provenance, rows=count, subwords=None)

    def at(self, dimensions: int) -> Space:
        """Return the space with so many numbers for each word, from 1 to all of them, kept in memory alone."""
        if not 1 <= dimensions <= self._turned.shape[1]:
            raise DataError(f"A space of {self._turned.shape[1]} dimensions cannot be cut to {dimensions}.")
        vectors = np.ascontiguousarray(self._turned[:, :dimensions])
        lengths = np.concatenate([np.sqrt((some * some).sum(axis=1)) for some in _blocks(vectors)])
        inverse = np.divide(1.0, lengths, out=np.zeros(len(lengths)), where=lengths > 1e-38)
        record = replace(self._provenance, dimensions=dimensions)
        return Space(Stored(record, self._words, vectors, inverse.astype(np.float32), self._frequency, None))


def sizes(space: Space, wanted: Sequence[int] = SIZES) -> list[int]:
    """Return those of some sizes that a space can be cut to, the smallest first, and at last its own."""
    return sorted({size for size in wanted if 1 <= size < space.dimensions} | {space.dimensions})


def _blocks(vectors: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(vectors), BLOCK):
        yield vectors[start : start + BLOCK].astype(np.float64)
