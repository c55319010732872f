"""Byte-pair encoding: words cut into pieces, of which frequent ones grow (Sennrich et al. 2016, arXiv 1508.07909).

Every word begins as its characters, the last of which carries the mark of the word's end. Then, again and again, the
pair of neighbours that comes most often in the text becomes one piece.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

END = "</w>"
LEAST = 2
MOST_CHARACTERS = 200
"""Of a word: what is longer is left as single characters, for it is hardly a word."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Merge:
    """``pair`` became one piece; it came ``count`` times in the text as it was cut then."""

    pair: Pair
    count: int


class BytePairs:
    """Pieces of words, learnt: ``merges`` in the order in which they were made."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self.merges = tuple(merges)
        self._ranks = {merge.pair: rank for rank, merge in enumerate(self.merges)}

    def cut(self, word: str) -> list[str]:
        """Return the pieces of a word, the last with the mark of its end; together they are the word."""
        return self.steps(word)[-1]

    def steps(self, word: str) -> list[list[str]]:
        """Return how a word's characters grow together: first the characters, last the pieces."""
        pieces = characters(word)
        steps = [pieces]
        while len(word) <= MOST_CHARACTERS and (number := self.next_merge(pieces)) is not None:
            pieces = joined(pieces, self.merges[number].pair)
            steps.append(pieces)
        return steps

    def next_merge(self, pieces: Sequence[str]) -> int | None:
        """Return the number of the merge that some pieces ask for next, the earliest; None where there is none."""
        return min((self._ranks[pair] for pair in pairwise(pieces) if pair in self._ranks), default=None)


def learn(counts: Mapping[str, int], merges: int) -> BytePairs:
    """Return the pieces that a text asks for whose words come so often: ``merges`` at most, fewer where pairs run out.

    A pair is merged only while it comes ``LEAST`` times. Of pairs that come equally often the one is taken that is the
    last by the codes of its characters, as in the authors' own program.
    """
    text = _Text({word: count for word, count in counts.items() if len(word) <= MOST_CHARACTERS})
    found: list[Merge] = []
    while len(found) < merges:
        merge = text.most_frequent()
        if merge is None or merge.count < LEAST:
            break
        text.merge(merge.pair)
        found.append(merge)
    return BytePairs(found)


def characters(word: str) -> list[str]:
    """Return the characters of a word, the last with the mark of its end."""
    return [*word[:-1], word[-1:] + END]


def joined(pieces: Sequence[str], pair: Pair) -> list[str]:
    """Return pieces of which each such pair, from the left, has become one."""
    found: list[str] = []
    at = 0
    while at < len(pieces):
        together = at + 1 < len(pieces) and (pieces[at], pieces[at + 1]) == pair
        found.append(pieces[at] + pieces[at + 1] if together else pieces[at])
        at += 2 if together else 1
    return found


class _Text:
    """All words in their pieces, and how often each pair comes: kept up to date, for a merge touches few words."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._words = [characters(word) for word in counts]
        self._counts = list(counts.values())
        self._pairs: Counter[Pair] = Counter()
        self._where: defaultdict[Pair, set[int]] = defaultdict(set)
        for place, pieces in enumerate(self._words):
            self._count(place, pieces, 1)
        self._heap = [self._entry(pair) for pair in self._pairs]
        heapq.heapify(self._heap)

    def most_frequent(self) -> Merge | None:
        """Return the pair that comes most often; None where no two pieces are neighbours any more."""
        while self._heap:
            *_, pair = entry = self._heap[0]
            if entry == self._entry(pair) and self._pairs[pair] > 0:
                return Merge(pair, self._pairs[pair])
            heapq.heappop(self._heap)  # its count has changed since
        return None

    def merge(self, pair: Pair) -> None:
        """Make one piece of a pair wherever it comes."""
        touched: set[Pair] = set()
        for place in tuple(self._where[pair]):
            before, after = self._words[place], joined(self._words[place], pair)
            self._count(place, before, -1)
            self._count(place, after, 1)
            self._words[place] = after
            touched.update(pairwise(before), pairwise(after))
        for other in touched:
            if self._pairs[other] > 0:
                heapq.heappush(self._heap, self._entry(other))

    def _count(self, place: int, pieces: Sequence[str], sign: int) -> None:
        for pair in pairwise(pieces):
            self._pairs[pair] += sign * self._counts[place]
            (self._where[pair].add if sign > 0 else self._where[pair].discard)(place)

    def _entry(self, pair: Pair) -> "_Entry":
        return -self._pairs[pair], _backwards(pair[0]), _backwards(pair[1]), pair


_Entry = tuple[int, tuple[int, ...], tuple[int, ...], Pair]


@cache
def _backwards(piece: str) -> tuple[int, ...]:
    """Return what sorts pieces from the last to the first."""
    return (*(-ord(character) for character in piece), 1)
