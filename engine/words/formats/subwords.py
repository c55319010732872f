"""fastText's subwords: the character n-grams of a word, each with a row that it shares with others by a hash.

(Bojanowski et al. 2017, arXiv 1607.04606)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

OFFSET, PRIME = 2_166_136_261, 16_777_619


class Subwords(NamedTuple):
    """How words are cut: into all n-grams of ``shortest`` to ``longest`` characters, which share ``buckets`` rows."""

    shortest: int
    longest: int
    buckets: int

    def rows(self, word: str) -> list[int]:
        """Return the bucket of each n-gram of ``<word>``; a character counts as one, whatever its bytes."""
        marked = [character.encode(errors="replace") for character in f"<{word}>"]
        found = []
        for start in range(len(marked)):
            for size in range(max(1, self.shortest), min(self.longest, len(marked) - start) + 1):
                edge = start == 0 or start + size == len(marked)
                if size > 1 or not edge:
                    found.append(fnv1a(b"".join(marked[start : start + size])) % self.buckets)
        return found

    def rows_of_all(self, words: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
        """Return the buckets of the n-grams of many words, as ``rows`` does for each: (m,) int64, one word behind the
        other, and how many there are of each word, (words,) int64.
        """
        text = np.frombuffer(b"".join(b"<" + word + b">" for word in words), np.uint8)
        lengths = np.fromiter((len(word) + 2 for word in words), np.int64, len(words))
        starts = np.flatnonzero((text & 0xC0) != 0x80)  # where characters begin
        owner = np.repeat(np.arange(len(words)), lengths)[starts]
        each = np.bincount(owner, minlength=len(words))
        place = np.arange(len(starts)) - np.repeat(np.cumsum(each) - each, each)  # of a character in its word
        left = each[owner] - place
        wide = np.diff(np.append(starts, len(text)))
        signed = text.view(np.int8).astype(np.uint32)  # every byte is taken as a signed number
        hashes = np.full(len(starts), OFFSET, np.uint32)
        found: list[np.ndarray] = []
        origins: list[np.ndarray] = []
        alive = np.arange(len(starts))
        for size in range(1, self.longest + 1):
            alive = alive[left[alive] >= size]
            if not len(alive):
                break
            hashes[alive] = _with_character(hashes[alive], signed, starts, wide, alive + size - 1)
            if size >= self.shortest:
                whole = alive if size > 1 else alive[(place[alive] > 0) & (left[alive] > 1)]
                found.append(hashes[whole] % np.uint32(self.buckets))
                origins.append(whole)
        if not found:
            return np.empty(0, np.int64), np.zeros(len(words), np.int64)
        begins = np.concatenate(origins)
        order = np.argsort(begins, kind="stable")  # as fastText sums them: by where they begin, then by their length
        return np.concatenate(found)[order].astype(np.int64), np.bincount(owner[begins], minlength=len(words))


NO_SUBWORDS = Subwords(0, 0, 0)


def _with_character(
    hashes: np.ndarray, signed: np.ndarray, starts: np.ndarray, wide: np.ndarray, characters: np.ndarray
) -> np.ndarray:
    """Return hashes that have gone over one character more."""
    begin, bytes_of = starts[characters], wide[characters]
    for byte in range(int(bytes_of.max(initial=0))):
        has = bytes_of > byte
        hashes[has] = (hashes[has] ^ signed[begin[has] + byte]) * np.uint32(PRIME)
    return hashes


def fnv1a(data: bytes) -> int:
    """Return fastText's 32-bit hash: FNV-1a with every byte taken as a signed number."""
    value = OFFSET
    for byte in data:
        value = ((value ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * PRIME) & 0xFFFFFFFF
    return value
