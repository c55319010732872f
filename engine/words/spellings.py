"""Words that are spelt nearly alike, found among thousands in about a millisecond."""

import difflib
from collections.abc import Sequence

import numpy as np

ALIKE = 0.72
"""From this likeness on, as difflib has it (0 to 1), two words are alike."""
OFF = 2
"""By so many letters at most is one longer than the other."""
LONGEST = 200
KINDS = 32


class Spellings:
    """Some words, without regard to capitals; of those that differ in nothing else the first counts.

    difflib compares letter by letter, which takes a tenth of a second for 20,000 words. Twice the number of letters
    that two words share, whatever their order, over the number of all is the most that it can find; so only words are
    compared of which that is enough. Letters are told apart by their last bits, and a few more words pass for it.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words: dict[str, str] = {}
        for word in words:
            if len(word) <= LONGEST:
                self._words.setdefault(word.casefold(), word)
        self._folded = list(self._words)
        self._lengths = np.fromiter(map(len, self._words.values()), np.int32, len(self._words))
        self._sizes = np.fromiter(map(len, self._folded), np.int32, len(self._folded))
        self._letters = _counted(self._folded, self._sizes)

    def alike(self, word: str, most: int) -> list[str]:
        """Return words that are spelt nearly as one, the most alike first."""
        low = word.casefold()
        if not self._folded or not low or len(word) > LONGEST:
            return []
        near = np.flatnonzero(np.abs(self._lengths - len(word)) <= OFF)
        shared = np.minimum(self._letters[near], _counted([low], np.array([len(low)]))).sum(axis=1)
        enough = near[2 * shared >= ALIKE * (self._sizes[near] + len(low))]
        compared = [self._folded[place] for place in enough.tolist()]
        return [self._words[one] for one in difflib.get_close_matches(low, compared, most, ALIKE)]


def _counted(words: Sequence[str], sizes: np.ndarray) -> np.ndarray:
    """Return how often each word has letters of each kind, (n, KINDS) uint16."""
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32) % KINDS
    places = np.repeat(np.arange(len(words)), sizes) * KINDS + letters
    return np.bincount(places, minlength=len(words) * KINDS).reshape(len(words), KINDS).astype(np.uint16)
