"""A space: words, their vectors, and the questions that one asks of them."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np

from engine.errors import DataError
from engine.words.stored import Provenance, Stored, Words

Metric = Literal["cosine", "dot", "euclidean"]
Method = Literal["3cosadd", "3cosmul", "pairdirection"]
Query = str | np.ndarray | Mapping[str, float]
"""A word, a vector (d,), or a mix of words with their signs and weights: ``{"king": 1, "man": -1, "woman": 1}``."""
Ranked = list[tuple[str, float]]
COSMUL_EPSILON = 1e-6


class Space:
    """n words and their vectors of d numbers; read-only, and shared by all who open the same file."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self.words: Words = stored.words
        self.vectors: np.ndarray = stored.vectors
        self.inverse_norms: np.ndarray = stored.inverse_norms
        self.frequency: np.ndarray | None = stored.frequency
        self.provenance: Provenance = stored.provenance

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.words

    @property
    def dimensions(self) -> int:
        """The length d of a vector."""
        return self.vectors.shape[1]

    def vector(self, word: str) -> np.ndarray:
        """Return the vector of a word, (d,) float32; of one that was never seen, the mean of its subwords' where the
        model has them. Raises DataError.
        """
        row = self.words.find(word)
        if row is not None:
            return self.vectors[row]
        subwords, matrix = self.provenance.subwords, self._stored.subwords
        buckets = subwords.rows(word) if subwords and subwords.buckets else []
        if matrix is None or not buckets:
            raise DataError(f"The word {_short(word)} is not in this space of {len(self):,} words.")
        return matrix[buckets].mean(axis=0, dtype=np.float32)

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of two words, from -1 to 1. Raises DataError."""
        return float(_unit(self.vector(a)) @ _unit(self.vector(b)))

    def neighbours(self, query: Query, k: int = 10, metric: Metric = "cosine", exact: bool = True) -> Ranked:
        """Return the k words nearest to a query, the nearest first, without those that it names.

        The score is the cosine, the dot product, or the Euclidean distance. A mix is the sum of its words' vectors,
        each of length 1 for the cosine. Raises DataError for a word that is not there, or a query without a direction.
        """
        _check_choice("metric", metric, Metric)
        named = [query] if isinstance(query, str) else list(query) if isinstance(query, Mapping) else []
        vector = self._query(query, unit=metric == "cosine")
        scores = self._scores(vector, metric)
        return self._ranked(scores, k, self._rows_of(named), nearest_is_largest=metric != "euclidean")

    def analogy(
        self,
        positive: Sequence[str],
        negative: Sequence[str],
        k: int = 10,
        method: Method = "3cosadd",
        exclude_inputs: bool = True,
    ) -> Ranked:
        """Return the k best answers to "king - man + woman": positive king and woman, negative man.

        3cosadd: the cosine with the sum of the signed unit vectors (Mikolov et al. 2013, arXiv 1301.3781). 3cosmul: the
        product of the cosines, moved to 0..1, with the positive words, divided by those with the negative ones (Levy
        and Goldberg 2014, W14-1618). pairdirection: the cosine of answer - king with woman - man (the same); it takes
        two positive words, where the answer sets out and where the direction ends, and one negative, where that begins.
        Without ``exclude_inputs`` the words of the question may be answers, and often are. Raises DataError.
        """
        _check_choice("method", method, Method)
        inputs = [*positive, *negative]
        if not positive:
            raise DataError("An analogy needs at least one word with a plus.")
        match method:
            case "3cosadd":
                signed = [(word, 1.0) for word in positive] + [(word, -1.0) for word in negative]
                scores = self._scores(self._mixed(signed, unit=True), "cosine")
            case "3cosmul":
                scores = self._products(positive, negative)
            case "pairdirection":
                scores = self._directions(positive, negative)
        return self._ranked(scores, k, self._rows_of(inputs) if exclude_inputs else [])

    def doesnt_match(self, words: Sequence[str]) -> str:
        """Return the word that is farthest, by the cosine, from the mean of all. Raises DataError."""
        if not words:
            raise DataError("Odd one out needs words: received none.")
        units = np.array([_unit(self.vector(word)) for word in words])
        return words[int(np.argmin(units @ _unit(units.mean(axis=0))))]

    def between(self, a: str, b: str, k: int = 10) -> Ranked:
        """Return the k words that are near to both: whose smaller cosine of the two is largest. Raises DataError."""
        scores = np.minimum(self._scores(self.vector(a), "cosine"), self._scores(self.vector(b), "cosine"))
        return self._ranked(scores, k, self._rows_of([a, b]))

    def nearest_pairs(self, words: Sequence[str], k: int = 10) -> list[tuple[str, str, float]]:
        """Return the k pairs among ``words`` with the largest cosine, the nearest first. Raises DataError."""
        chosen = list(dict.fromkeys(words))
        units = np.array([_unit(self.vector(word)) for word in chosen]).reshape(len(chosen), self.dimensions)
        first, second = np.triu_indices(len(chosen), 1)
        cosines = np.einsum("nd,nd->n", units[first], units[second])
        order = np.argsort(-cosines, kind="stable")[: max(k, 0)]
        return [(chosen[first[pair]], chosen[second[pair]], float(cosines[pair])) for pair in order]

    def axis(self, pairs: Sequence[tuple[str, str]]) -> "Axis":
        """Return the direction from the second words of pairs to the first, as from she to he. Raises DataError."""
        if not pairs:
            raise DataError("An axis needs at least one pair of words: received none.")
        steps = [_unit(self.vector(first)) - _unit(self.vector(second)) for first, second in pairs]
        total = np.sum([_unit(step) for step in steps], axis=0)
        if not np.any(total):
            raise DataError("These pairs have no direction in common: their differences add up to nothing.")
        return Axis(self, _unit(total))

    def _query(self, query: Query, *, unit: bool) -> np.ndarray:
        if isinstance(query, str):
            return self.vector(query)
        if isinstance(query, Mapping):
            return self._mixed(list(query.items()), unit=unit)
        vector = np.asarray(query, dtype=np.float32)
        if vector.shape != (self.dimensions,) or not np.isfinite(vector).all():
            raise DataError(
                f"A query vector has {self.dimensions} finite numbers in this space, received shape {vector.shape}."
            )
        return vector

    def _mixed(self, signed: Sequence[tuple[str, float]], *, unit: bool) -> np.ndarray:
        parts = [weight * (_unit(self.vector(word)) if unit else self.vector(word)) for word, weight in signed]
        return np.asarray(np.sum(parts, axis=0, dtype=np.float32))

    def _scores(self, vector: np.ndarray, metric: Metric) -> np.ndarray:
        """Return the score of every word, (n,) float32."""
        if metric == "cosine":
            if not np.any(vector):
                raise DataError("This query has no direction: its numbers are all zero.")
            return self._cosines(_unit(vector))
        with np.errstate(over="ignore"):
            products = self.vectors @ vector
        if metric == "dot":
            return products
        lengths = np.zeros(len(self))
        np.divide(1.0, self.inverse_norms, out=lengths, where=self.inverse_norms > 0)
        squares = lengths**2
        return np.sqrt(
            np.maximum(squares - 2.0 * products + float(np.einsum("d,d->", vector, vector, dtype=np.float64)), 0.0)
        )

    def _cosines(self, unit: np.ndarray) -> np.ndarray:
        """Return the cosine of every word with a vector of length 1."""
        with np.errstate(over="ignore", invalid="ignore"):
            found = (self.vectors @ unit) * self.inverse_norms
        if not np.isfinite(found).all():  # sums that no float32 holds
            rows = np.flatnonzero(~np.isfinite(found))
            found[rows] = (self.vectors[rows].astype(np.float64) @ unit) * self.inverse_norms[rows]
        return found

    def _products(self, positive: Sequence[str], negative: Sequence[str]) -> np.ndarray:
        def product(words: Sequence[str]) -> np.ndarray:
            moved = [(1 + self._scores(self.vector(word), "cosine")) / 2 for word in words]
            return np.prod(moved, axis=0) if moved else np.ones(len(self), dtype=np.float32)

        return product(positive) / (product(negative) + COSMUL_EPSILON)

    def _directions(self, positive: Sequence[str], negative: Sequence[str]) -> np.ndarray:
        if len(positive) != 2 or len(negative) != 1:
            raise DataError(
                f"Pair direction takes two words with a plus and one with a minus, received {len(positive)} and "
                f"{len(negative)}."
            )
        start, end, begin = (_unit(self.vector(word)) for word in (*positive, *negative))
        direction = _unit(end - begin)
        inverse = self.inverse_norms
        along = self._cosines(direction) - start @ direction
        cosines = self._cosines(start)
        lengths = np.sqrt(np.maximum(np.where(inverse > 0, 2.0, 1.0) - 2.0 * cosines, 1e-12))
        return along / lengths

    def _rows_of(self, words: Sequence[str]) -> list[int]:
        return [row for word in words if (row := self.words.find(word)) is not None]

    def _ranked(self, scores: np.ndarray, k: int, without: list[int], *, nearest_is_largest: bool = True) -> Ranked:
        """Return the k best words; of equal scores that of the smaller row comes first. Words of zero length have no
        direction and are no answer.
        """
        keys = (-scores if nearest_is_largest else scores.copy()).astype(np.float32, copy=False)
        keys[without] = np.inf
        keys[self.inverse_norms == 0] = np.inf
        k = min(max(k, 0), len(keys))
        if not k:
            return []
        nearest = np.argpartition(keys, k - 1)[:k]
        best = nearest[np.lexsort((nearest, keys[nearest]))]
        return [(self.words[row], float(scores[row])) for row in best.tolist() if keys[row] < np.inf]


class Axis:
    """A direction of length 1 in a space, (d,) float32; words lie along it by their cosine with it."""

    def __init__(self, space: Space, direction: np.ndarray) -> None:
        self.space = space
        self.direction = direction

    def project(self, words: Sequence[str]) -> list[float]:
        """Return where words lie on the axis, from -1 to 1. Raises DataError."""
        return [float(_unit(self.space.vector(word)) @ self.direction) for word in words]


def _unit(vector: np.ndarray) -> np.ndarray:
    """Return a vector at length 1; zeros stay zeros. Its length is worked out in float64, where none overflows."""
    length = float(np.sqrt(np.einsum("d,d->", vector, vector, dtype=np.float64)))
    return (vector / np.float64(length)).astype(np.float32) if length > 0 else np.zeros_like(vector, dtype=np.float32)


def _short(word: str) -> str:
    return repr(word if len(word) <= 60 else word[:57] + "…")


def _check_choice(what: str, value: str, choices: object) -> None:
    if value not in get_args(choices):
        raise DataError(f"There is no {what} {_short(str(value))}: expected one of {', '.join(get_args(choices))}.")
