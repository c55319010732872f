"""The binary tree of hierarchical softmax: Huffman's, in which words that come often lie high (Huffman 1952; Morin and
Bengio 2005; Mikolov et al. 2013, arXiv 1301.3781).
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn on the way to a word: at ``node`` one goes left (``bit`` 0) or right (1). ``share`` is how much of the
    text at the node lies that way, 0 to 1.
    """

    node: int
    bit: int
    share: float


@dataclass(frozen=True, eq=False)
class Tree:
    """A tree of V words and V - 1 nodes at which it parts; the root is the last of these.

    ``counts`` (2V - 1,) int64 tell how often each word comes, and then how often all words below each node do;
    ``children`` (V - 1, 2) int64 are places in it, left and right, so that node n lies at place V + n.
    """

    counts: np.ndarray
    children: np.ndarray

    @property
    def words(self) -> int:
        """Return how many words it has."""
        return len(self.children) + 1

    @property
    def root(self) -> int:
        """Return the place at which every way begins."""
        return len(self.counts) - 1

    @cached_property
    def parents(self) -> np.ndarray:
        """Return the place above each place, (2V - 1,) int64; that of the root is -1."""
        found = np.full(len(self.counts), -1, np.int64)
        found[self.children] = np.arange(self.words, len(self.counts))[:, None]
        return found

    @cached_property
    def depths(self) -> np.ndarray:
        """Return how many turns lead to each place, (2V - 1,) int64: to the first V, the lengths of their codes."""
        found = [0] * len(self.counts)
        for node in range(len(self.children) - 1, -1, -1):  # a node is younger than all that lie below it
            deeper = found[self.words + node] + 1
            left, right = self.children[node].tolist()
            found[left] = found[right] = deeper
        return np.array(found, np.int64)

    def path(self, word: int) -> list[Turn]:
        """Return the turns that lead from the root to a word, 0 to V - 1."""
        turns: list[Turn] = []
        place = word
        while place != self.root:
            above = int(self.parents[place])
            bit = int(self.children[above - self.words, 1] == place)
            turns.append(Turn(above - self.words, bit, float(self.counts[place] / self.counts[above])))
            place = above
        return turns[::-1]

    def below(self, place: int) -> np.ndarray:
        """Return the words below a place, rising: the most frequent first."""
        found: list[int] = []
        open_places = [place]
        while open_places:
            one = open_places.pop()
            if one < self.words:
                found.append(one)
            else:
                open_places += self.children[one - self.words].tolist()
        return np.array(sorted(found), np.int64)

    def mean_length(self) -> float:
        """Return how many turns a word of the text takes on average, in bits."""
        return float(self.counts[: self.words] @ self.depths[: self.words] / self.counts[self.root])

    def entropy(self) -> float:
        """Return the entropy of the words of the text, in bits: no code is shorter on average (Shannon 1948)."""
        shares = self.counts[: self.words] / self.counts[self.root]
        return float(-(shares @ np.log2(shares)))


class _Subtree(tuple[int, int]):
    """A count and a place, of which the count alone decides what comes first: so words of equal counts come to lie as
    deep as in gensim's tree.
    """

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return isinstance(other, tuple) and self[0] < other[0]


def huffman(counts: Sequence[int] | np.ndarray) -> Tree:
    """Return the tree for words that come so often, each at least once: again and again the two that come most seldom
    are put below a new node, the rarer one to the left.

    Raises ValueError for fewer than two words.
    """
    words = [int(count) for count in counts]
    if len(words) < 2:
        raise ValueError(f"huffman: expected at least 2 words, received {len(words)}")
    heap = [_Subtree((count, place)) for place, count in enumerate(words)]
    heapq.heapify(heap)
    children: list[tuple[int, int]] = []
    while len(heap) > 1:
        (rarer, left), (more, right) = heapq.heappop(heap), heapq.heappop(heap)
        children.append((left, right))
        heapq.heappush(heap, _Subtree((rarer + more, len(words))))
        words.append(rarer + more)
    return Tree(np.array(words, np.int64), np.array(children, np.int64))
