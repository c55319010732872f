"""Writes a space with subwords as a fastText model (.bin, version 12), which Facebook's program and gensim open.

A space keeps the vectors of words, and the rows of n-grams as they were learnt; a model wants the words' own rows. An
own row is what is missing from the sum of the n-grams to the vector times the number of rows. Where the space came from
such a model or was learnt by the app, a row is found that gives the very same vector, to the last bit, by our reader;
readers that add up in another order differ from it by roundings. The row itself is the one that was learnt to within a
few roundings of the largest of the numbers that are added up.

What a space does not know: the output layer, by which training could go on, is zeros; the settings of the training are
those given, or fastText's defaults. (Bojanowski et al. 2017, arXiv 1607.04606)
"""

import struct
from typing import BinaryIO, NamedTuple

import numpy as np

from engine.errors import DataError
from engine.words.formats.fasttext import MAGIC, VERSIONS, means, sums_of_subwords
from engine.words.formats.rows import rows_at_once
from engine.words.space import Space

CBOW, SKIPGRAM = 1, 2
HIERARCHICAL, NEGATIVE = 1, 2
TRIED = (1, -1, 2, -2, 3, -3, 4, -4)
"""Roundings by which an own row is moved to give the very same vector."""


class Learning(NamedTuple):
    """How a model was learnt, as its file tells it."""

    window: int = 5
    epochs: int = 5
    min_count: int = 1
    negative: int = 5
    hierarchical: bool = False
    cbow: bool = False
    sample: float = 1e-4


def write_model(file: BinaryIO, space: Space, learning: Learning) -> None:
    """Write a model; raises DataError where a space has no subwords or no counts."""
    subwords, matrix, counts = space.provenance.subwords, space.subwords, space.frequency
    if subwords is None or matrix is None or counts is None:
        raise DataError(
            "This space has no subwords, and a fastText model is made of them: expected one that was learnt by "
            "fastText, or choose another form."
        )
    n, d = len(space), space.dimensions
    file.write(MAGIC + struct.pack("<i", VERSIONS[-1]))
    loss, model = HIERARCHICAL if learning.hierarchical else NEGATIVE, CBOW if learning.cbow else SKIPGRAM
    file.write(
        struct.pack(
            "<12id",
            *(d, learning.window, learning.epochs, learning.min_count, learning.negative, 1, loss, model),
            *(subwords.buckets, subwords.shortest, subwords.longest, 100, learning.sample),
        )
    )
    file.write(struct.pack("<3i2q", n, n, 0, int(counts.sum()), -1))
    step = rows_at_once(d)
    for start in range(0, n, step):
        words = space.words[start : start + step]
        pairs = zip(words, counts[start : start + step].tolist(), strict=True)
        file.write(b"".join(b"%b\0%b" % (word.encode(), struct.pack("<qb", count, 0)) for word, count in pairs))
    file.write(b"\0" + struct.pack("<2q", n + subwords.buckets, d))
    for start in range(0, n, step):
        words = [word.encode() for word in space.words[start : start + step]]
        own = own_rows(space.vectors[start : start + step], *sums_of_subwords(words, subwords, matrix))
        if not np.isfinite(own).all():
            raise DataError("This space has numbers too large for the rows of a fastText model.")
        file.write(own.astype("<f4", copy=False).tobytes())
    for start in range(0, len(matrix), step):
        file.write(matrix[start : start + step].astype("<f4", copy=False).tobytes())
    file.write(b"\0" + struct.pack("<2q", n, d))
    file.truncate(file.tell() + 4 * n * d)  # zeros, which take no room on most disks


def own_rows(vectors: np.ndarray, sums: np.ndarray, each: np.ndarray) -> np.ndarray:
    """Return the own rows (n, d) float32 whose means with n-grams, of which ``each`` (n,) add up to ``sums`` (n, d),
    are ``vectors`` (n, d).
    """
    with np.errstate(over="ignore", invalid="ignore"):
        totals = vectors.astype(np.float64) * (each + 1)[:, None]
        exact = totals - sums
        step = np.maximum(
            np.spacing(np.abs(exact).astype(np.float32)), np.spacing(np.abs(totals).astype(np.float32)) / 2
        )
        nearest = exact.astype(np.float32)
        own = nearest
        for tried in TRIED:
            wrong = means(own, sums, each) != vectors
            if not wrong.any():
                break
            own = np.where(wrong, (nearest + tried * step).astype(np.float32), own)
    return own
