"""One space laid over another: the rotation that brings the words of both nearest together, and which still differ.

Two spaces that were learnt apart may say the same in other coordinates, as nothing in the learning tells which way is
up. Orthogonal Procrustes (Schoenemann 1966, doi 10.1007/BF02289451) turns one, without stretching it, so that the
squared distances of its words to those of the other are smallest; that words have moved between two times is read from
what is left (Hamilton, Leskovec and Jurafsky 2016, arXiv 1605.09096).
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.compare.vocabulary import Shared, shared, with_direction
from engine.words.search import units
from engine.words.space import Space

BLOCK = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """The first space laid over the second, on the m words that are ``shared`` and have a direction in both.

    ``rotation``, (d, d) float64 with d the larger of the two dimensions, is orthogonal: a row x of the first lies at
    (x - ``centre_a``) @ rotation + ``centre_b``. The space of fewer dimensions is taken with zeros for the others.
    ``residual`` is |A R - B| / |B| by the Frobenius norm, 0 where all words come to lie upon each other. With the
    first space also stretched by ``scale`` it would be ``disparity``, 0 to 1, the same from either side. ``determined``
    tells whether the words fix the rotation: fewer than there are dimensions never do, and agree too well. ``cosines``,
    (m,) float64 from -1 to 1, are those of each shared word with itself after the alignment, NaN for one that lies at
    the centre.
    """

    shared: Shared
    rotation: np.ndarray
    centre_a: np.ndarray
    centre_b: np.ndarray
    unit: bool
    residual: float
    scale: float
    disparity: float
    determined: bool
    cosines: np.ndarray

    def onto(self, vectors: np.ndarray) -> np.ndarray:
        """Return where vectors of the first space, (m, its dimensions), lie in the second, (m, d) float64.

        Where the alignment took words at length 1, these are to be of length 1 too.
        """
        return (wide(vectors.astype(np.float64), len(self.rotation)) - self.centre_a) @ self.rotation + self.centre_b


@dataclass(frozen=True, slots=True)
class Moved:
    """A word that lies elsewhere: its ``cosine`` with itself after the alignment, its place in each space counted from
    1, and how often it was seen, None where the space does not tell.
    """

    word: str
    cosine: float
    places: tuple[int, int]
    counts: tuple[int | None, int | None]


def procrustes(
    a: Space, b: Space, *, centred: bool = False, unit: bool = True, restrict: int | None = None
) -> Alignment:
    """Return the rotation, or reflection, that lays the first space over the second, by the words that both have.

    The words are taken at length 1, or as long as they are without ``unit``; ``centred``, each space less its mean.
    Only the first ``restrict`` rows of each count. It is what ``scipy.linalg.orthogonal_procrustes`` returns. Raises
    DataError where fewer than two words are shared, or where they all lie at one place.
    """
    going = aligning(with_direction(shared(a, b, restrict)), centred=centred, unit=unit)
    while True:
        try:
            next(going)
        except StopIteration as end:
            return end.value


def aligning(found: Shared, *, centred: bool = False, unit: bool = True) -> Generator[float, None, Alignment]:
    """Lay one space over the other as ``procrustes`` does, by words that have a direction in both: yield the share of
    this that is done, behind every ``BLOCK`` words that were gone over.
    """
    a, b = found.a, found.b
    d, m = max(a.dimensions, b.dimensions), len(found)
    done, passes = 0, 3 if centred else 2
    centre_a, centre_b, product = np.zeros(d), np.zeros(d), np.zeros((d, d))
    if centred:
        for some_a, some_b in _blocks(found, d, unit):
            centre_a += some_a.sum(axis=0) / m
            centre_b += some_b.sum(axis=0) / m
            done += len(some_a)
            yield done / (passes * m)
    square_a = square_b = 0.0
    for some_a, some_b in _blocks(found, d, unit):
        some_a, some_b = some_a - centre_a, some_b - centre_b
        product += some_a.T @ some_b
        square_a, square_b = square_a + float((some_a**2).sum()), square_b + float((some_b**2).sum())
        done += len(some_a)
        yield done / (passes * m)
    spread = [square / (square + m * float(c @ c)) for square, c in ((square_a, centre_a), (square_b, centre_b))]
    if min(spread) < 1e-12:
        raise DataError("These spaces cannot be aligned by their centres: in one of them all shared words lie at one.")
    left, singular, right = np.linalg.svd(product)
    rotation, together = left @ right, float(singular.sum())
    rest, cosines = 0.0, []
    for some_a, some_b in _blocks(found, d, unit):
        some_a, some_b = (some_a - centre_a) @ rotation, some_b - centre_b
        rest += float(((some_a - some_b) ** 2).sum())
        cosines.append(_cosines(some_a, some_b))
        done += len(some_a)
        yield done / (passes * m)
    rank = int((singular > singular[0] * d * np.finfo(np.float32).eps).sum())
    return Alignment(
        found,
        rotation,
        centre_a,
        centre_b,
        unit,
        (rest / square_b) ** 0.5,
        together / square_a,
        max(0.0, 1 - together**2 / (square_a * square_b)) ** 0.5,
        rank >= min(a.dimensions, b.dimensions),
        np.concatenate(cosines),
    )


def moved(alignment: Alignment, k: int = 20, least_count: int = 0, restrict: int | None = None) -> list[Moved]:
    """Return the k words that lie farthest, by the cosine, from where they lie in the other space; the farthest first.

    Rare words move most, as little is known of them. So words count only that were seen ``least_count`` times in each
    space that tells its counts, and that are among the first ``restrict`` rows of both. Raises DataError where counts
    are asked for that neither space tells.
    """
    found, cosines = alignment.shared, alignment.cosines
    may = ~np.isnan(cosines)
    counts = [
        None if space.frequency is None else space.frequency[rows]
        for space, rows in ((found.a, found.rows_a), (found.b, found.rows_b))
    ]
    if least_count > 0 and all(some is None for some in counts):
        raise DataError("Neither space tells how often its words were seen: choose by their places in the file.")
    for some in counts:
        may &= True if some is None else some >= least_count
    if restrict is not None:
        may &= (found.rows_a < restrict) & (found.rows_b < restrict)
    places = np.flatnonzero(may)
    order = places[np.argsort(cosines[places], kind="stable")[: max(k, 0)]]
    return [
        Moved(
            found.word(place),
            float(cosines[place]),
            (int(found.rows_a[place]) + 1, int(found.rows_b[place]) + 1),
            tuple(None if some is None else int(some[place]) for some in counts),  # type: ignore[arg-type]
        )
        for place in order.tolist()
    ]


def _blocks(found: Shared, d: int, unit: bool) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the vectors of the shared words in both spaces, (some, d) float64 each."""
    for start in range(0, len(found), BLOCK):
        rows = found.rows_a[start : start + BLOCK], found.rows_b[start : start + BLOCK]
        a, b = (wide(units_or_vectors(space, of, unit), d) for space, of in zip((found.a, found.b), rows, strict=True))
        yield a, b


def _cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the cosine of each row of one with that of the other, (n,); NaN where one has no length."""
    lengths = np.sqrt(np.einsum("nd,nd->n", a, a) * np.einsum("nd,nd->n", b, b))
    products = np.einsum("nd,nd->n", a, b)
    return np.clip(np.divide(products, lengths, out=np.full(len(a), np.nan), where=lengths > 0), -1, 1)


def units_or_vectors(space: Space, rows: np.ndarray, unit: bool) -> np.ndarray:
    """Return the vectors of some rows, at length 1 or as long as they are, (m, dimensions) float64."""
    return (units(space, rows) if unit else space.vectors[rows]).astype(np.float64)


def wide(vectors: np.ndarray, d: int) -> np.ndarray:
    """Return vectors with zeros for the dimensions that they lack, (m, d)."""
    found = np.zeros((len(vectors), d))
    found[:, : vectors.shape[1]] = vectors
    return found
