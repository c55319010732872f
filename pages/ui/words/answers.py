"""The neighbours of a query, as the page shows them: filtered, with rank and frequency, and how long it took."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np

from engine.words.asking import query_of
from engine.words.space import Metric, Query, Ranked, Space
from pages.ui.words.asked import Asked
from pages.ui.words.ranked import Row, number

LOOKED_AT = 5_000
"""So many neighbours are looked through for those that a filter lets pass; where these are too few, all words."""
BLOCK_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word near to the query, its score, its row in the space, and how often it was met, None if not known."""

    word: str
    score: float
    row: int
    frequency: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The neighbours by one metric, and the seconds that the search took."""

    metric: Metric
    found: tuple[Neighbour, ...]
    seconds: float


def named(space: Space, text: str) -> tuple[Query, tuple[str, ...]]:
    """Return the query that a text asks, and the words it names; raises DataError."""
    query = query_of(space, text)
    return query, (query,) if isinstance(query, str) else tuple(query) if isinstance(query, Mapping) else ()


def answer(space: Space, asked: Asked, query: Query, metric: Metric) -> Answer:
    """Return what is nearest to a query, without what the filter of ``asked`` holds back; raises DataError."""
    space.ready()
    begin = time.perf_counter()
    filtered = bool(asked.prefix or asked.contains or asked.skip or asked.top)
    ranked = space.neighbours(query, LOOKED_AT if filtered else asked.k, metric, asked.exact)
    found = list(islice(_passing(space, asked, ranked), asked.k))
    if filtered and len(found) < asked.k and len(ranked) == LOOKED_AT:
        best = space.among(_fitting(space, asked), query, asked.k, metric)
        found = [Neighbour(space.words[row], score, row, _frequency(space, row)) for row, score in best]
    return Answer(metric, tuple(found), time.perf_counter() - begin)


def _passing(space: Space, asked: Asked, ranked: Ranked) -> Iterator[Neighbour]:
    prefix, contains = asked.prefix.casefold(), asked.contains.casefold()
    for word, score in ranked:
        row = space.words.find(word) if _fits(word.casefold(), prefix, contains) else None
        if row is not None and asked.skip <= row < (asked.top or len(space)):
            yield Neighbour(word, score, row, _frequency(space, row))


def _fitting(space: Space, asked: Asked) -> np.ndarray:
    """Return the rows of all words that a filter lets pass, (m,) int64; looked through in blocks."""
    last = min(asked.top or len(space), len(space))
    if not (asked.prefix or asked.contains):
        return np.arange(asked.skip, max(asked.skip, last))
    prefix, contains = asked.prefix.casefold(), asked.contains.casefold()
    rows = [
        row
        for first in range(asked.skip, last, BLOCK_ROWS)
        for row, word in enumerate(space.words.folded(first, min(first + BLOCK_ROWS, last)), first)
        if _fits(word, prefix, contains)
    ]
    return np.array(rows, np.int64)


def _fits(word: str, prefix: str, contains: str) -> bool:
    return word.startswith(prefix) and contains in word


def _frequency(space: Space, row: int) -> int | None:
    return None if space.frequency is None else int(space.frequency[row])


def rows_of(found: Answer) -> list[Row]:
    """Return the rows of a list; bars of cosines and dot products are long where words are near, of distances short."""
    longest = 1.0 if found.metric == "cosine" else max((abs(one.score) for one in found.found), default=1.0) or 1.0
    return [
        Row(
            one.word,
            number(one.score),
            (0.0, max(0.0, min(1.0, one.score / longest))),
            (f"{one.row + 1:,}", *(() if one.frequency is None else (f"{one.frequency:,}",))),
        )
        for one in found.found
    ]
