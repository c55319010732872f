"""A space: words, their vectors, and the questions that one asks of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import numpy as np

from engine.errors import DataError
from engine.words.analogies import Method, Sum, score_by
from engine.words.answers import Answers, Place, Ranked, answers
from engine.words.search_exact import Found, Metric, Search
from engine.words.search_index import Index, Recall
from engine.words.search_threads import load
from engine.words.stored import Provenance, Stored, Words

Query = str | np.ndarray | Mapping[str, float]
"""A word, a vector (d,), or a mix of words with their signs and weights: ``{"king": 1, "man": -1, "woman": 1}``."""

AMONG_ROWS = 8_192


class Space:
    """n words and their vectors of d numbers; read-only, and shared by all who open the same file."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._search = Search(stored)
        self.words: Words = stored.words
        self.vectors: np.ndarray = stored.vectors
        self.inverse_norms: np.ndarray = stored.inverse_norms
        self.frequency: np.ndarray | None = stored.frequency
        self.subwords: np.ndarray | None = stored.subwords
        self.provenance: Provenance = stored.provenance

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.words

    @property
    def folder(self) -> Path | None:
        """Where it is kept."""
        return self._stored.folder

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
        subwords, matrix = self.provenance.subwords, self.subwords
        buckets = subwords.rows(word) if subwords and subwords.buckets else []
        if matrix is None or not buckets:
            raise DataError(f"The word {_short(word)} is not in this space of {len(self):,} words.")
        found = matrix[buckets].mean(axis=0, dtype=np.float32)
        if not np.isfinite(found).all():  # a row of subwords is damaged; words that are there were checked as they came
            raise DataError(f"The word {_short(word)} has subwords in this space whose numbers are NaN or infinite.")
        return found

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of two words, from -1 to 1. Raises DataError."""
        return float(_unit(self.vector(a)) @ _unit(self.vector(b)))

    def neighbours(self, query: Query, k: int = 10, metric: Metric = "cosine", exact: bool = True) -> Ranked:
        """Return the k words nearest to a query, the nearest first, without those that it names.

        The score is the cosine, the dot product, or the Euclidean distance; of equal ones the earlier word comes first.
        A mix is the sum of its words' vectors, each of length 1 for the cosine. Without ``exact`` an index is asked, if
        one was built (``engine.words.search_building``) and the metric is the cosine: quicker, and it may miss some.
        Raises DataError for a word that is not there, or a query without a direction.
        """
        _check_choice("metric", metric, Metric)
        named = [query] if isinstance(query, str) else list(query) if isinstance(query, Mapping) else []
        vector, without = self._query(query, unit=metric == "cosine"), self._rows_of(named)
        match metric:
            case "cosine":
                index = None if exact else self._search.index()
                found = self._search.nearest(self._direction(vector), k, without, index)
            case "dot":
                found = self._search.by_dot(vector, k, without)
            case "euclidean":
                found = self._search.by_distance(vector, k, without)
        return self._told(found)

    def among(self, rows: np.ndarray, query: Query, k: int = 10, metric: Metric = "cosine") -> list[tuple[int, float]]:
        """Return those k of some distinct rows, (m,) int64, that ``neighbours`` would name first, with their scores."""
        _check_choice("metric", metric, Metric)
        named = [query] if isinstance(query, str) else list(query) if isinstance(query, Mapping) else []
        vector = self._query(query, unit=metric == "cosine")
        rows = rows[~np.isin(rows, self._rows_of(named))]
        if metric == "cosine":
            vector, rows = self._direction(vector), rows[self.inverse_norms[rows] > 0]
        scores = np.empty(len(rows))
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(rows), AMONG_ROWS):
                some = self.vectors[rows[start : start + AMONG_ROWS]].astype(np.float64)
                if metric == "euclidean":
                    found = np.linalg.norm(some - vector, axis=1)
                else:
                    found = some @ vector / (np.linalg.norm(some, axis=1) if metric == "cosine" else 1.0)
                scores[start : start + AMONG_ROWS] = found
        best = np.lexsort((rows, scores if metric == "euclidean" else -scores))[: max(k, 0)]
        return list(zip(rows[best].tolist(), scores[best].tolist(), strict=True))

    def nearest_by(self, index: Index, word: str, k: int) -> Ranked:
        """Return what an index finds of the k words nearest to one; raises DataError."""
        return self._told(self._search.nearest(self._direction(self.vector(word)), k, self._rows_of([word]), index))

    def ready(self) -> None:
        """Load what a search takes: who measures one does so afterwards, or the first would be told as much slower."""
        load()

    def recall(self) -> Recall | None:
        """Return what was measured of the index that ``exact=False`` asks; None while there is none."""
        index = self._search.index()
        return None if index is None else index.recall

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
        words, units = self._question(positive, negative)
        without = self._rows_of(words) if exclude_inputs else []
        score = score_by(method, words, units, len(positive))
        if isinstance(score, Sum):
            return self._told(self._search.nearest_to_sum(score, units, k, without))
        return self._told(self._search.look(units).best(score, k, self._search.answers(without)))

    def answers(
        self,
        positive: Sequence[str],
        negative: Sequence[str],
        k: int = 10,
        expected: str | None = None,
        exclude_inputs: bool = True,
    ) -> dict[Method, Answers]:
        """Return the k best answers of each method, from one look through the space, and where the ``expected`` word
        stands. A method that the question does not suit says why. Raises DataError.
        """
        words, units = self._question(positive, negative)
        row = None if expected is None else self._row_with_direction(expected)
        is_answer = self._search.answers(self._rows_of(words) if exclude_inputs else [])
        return answers(self.words, self._search.look(units), words, len(positive), k, row, is_answer)

    def rank_of(
        self,
        expected: str,
        positive: Sequence[str],
        negative: Sequence[str],
        method: Method = "3cosadd",
        exclude_inputs: bool = True,
    ) -> Place:
        """Return where the expected word stands among the answers of one method. Raises DataError."""
        _check_choice("method", method, Method)
        found = self.answers(positive, negative, 2, expected, exclude_inputs)[method]
        if found.expected is None:
            raise DataError(found.why)
        return found.expected

    def doesnt_match(self, words: Sequence[str]) -> str:
        """Return the word that is farthest, by the cosine, from the mean of all. Raises DataError."""
        if not words:
            raise DataError("Odd one out needs words: received none.")
        units = np.array([_unit(self.vector(word)) for word in words])
        return words[int(np.argmin(units @ _unit(units.mean(axis=0))))]

    def between(self, a: str, b: str, k: int = 10) -> Ranked:
        """Return the k words that are near to both: whose smaller cosine of the two is largest. Raises DataError."""
        units = np.array([self._direction(self.vector(word)) for word in (a, b)])
        return self._told(self._search.between(units, k, self._rows_of([a, b])))

    def nearest_pairs(self, words: Sequence[str], k: int = 10) -> list[tuple[str, str, float]]:
        """Return the k pairs among ``words`` with the largest cosine, the nearest first. Raises DataError."""
        chosen = list(dict.fromkeys(words))
        units = np.array([_unit(self.vector(word)) for word in chosen]).reshape(len(chosen), self.dimensions)
        first, second = np.triu_indices(len(chosen), 1)
        cosines = (units @ units.T)[first, second]
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
        return Axis(self, _unit(total).astype(np.float32))

    def _query(self, query: Query, *, unit: bool) -> np.ndarray:
        """Return a query as a vector, (d,) float64."""
        if isinstance(query, str):
            return self.vector(query).astype(np.float64)
        if isinstance(query, Mapping):
            vectors = {word: _unit(self.vector(word)) if unit else self.vector(word) for word in query}
            with np.errstate(over="ignore", invalid="ignore"):
                vector = np.sum([query[word] * some for word, some in vectors.items()], axis=0, dtype=np.float64)
            vector = np.asarray(vector)
        else:
            vector = np.asarray(query, dtype=np.float64)
        if vector.shape != (self.dimensions,) or not np.isfinite(vector).all():
            raise DataError(
                f"A query vector has {self.dimensions} finite numbers in this space, received shape {vector.shape}."
            )
        return vector

    def _direction(self, vector: np.ndarray) -> np.ndarray:
        if not np.any(vector):
            raise DataError("This query has no direction: its numbers are all zero.")
        return _unit(vector)

    def _question(self, positive: Sequence[str], negative: Sequence[str]) -> tuple[list[str], np.ndarray]:
        """Return the words of an analogy and their vectors at length 1, (m, d) float64."""
        if not positive:
            raise DataError("An analogy needs at least one word with a plus.")
        words = [*positive, *negative]
        return words, np.array([_unit(self.vector(word)) for word in words])

    def _row_with_direction(self, word: str) -> int:
        row = self.words.find(word)
        if row is None:
            raise DataError(f"The expected word {_short(word)} is not in this space of {len(self):,} words.")
        if not self.inverse_norms[row]:
            raise DataError(f"The expected word {_short(word)} has no direction: its numbers are all zero.")
        return row

    def _rows_of(self, words: Sequence[str]) -> list[int]:
        return [row for word in words if (row := self.words.find(word)) is not None]

    def _told(self, found: Found) -> Ranked:
        return [(self.words[row], score) for row, score in zip(*(part.tolist() for part in found), strict=True)]


class Axis:
    """A direction of length 1 in a space, (d,) float32; words lie along it by their cosine with it."""

    def __init__(self, space: Space, direction: np.ndarray) -> None:
        self.space = space
        self.direction = direction

    def project(self, words: Sequence[str]) -> list[float]:
        """Return where words lie on the axis, from -1 to 1. Raises DataError."""
        return [float(_unit(self.space.vector(word)) @ self.direction) for word in words]


def _unit(vector: np.ndarray) -> np.ndarray:
    """Return a vector at length 1, (d,) float64; zeros stay zeros."""
    vector = vector / np.float64(np.abs(vector).max() or 1)
    length = float(np.sqrt(vector @ vector))
    return vector / length if length > 0 else vector


def _short(word: str) -> str:
    return repr(word if len(word) <= 60 else word[:57] + "…")


def _check_choice(what: str, value: str, choices: object) -> None:
    if value not in get_args(choices):
        raise DataError(f"There is no {what} {_short(str(value))}: expected one of {', '.join(get_args(choices))}.")
