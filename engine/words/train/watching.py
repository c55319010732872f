"""What is seen of words while they are learnt: where some of them lie, what is near to one, which analogies hold.

All functions take vectors (n, d) of the most frequent words, as a trainer has them now, and leave them as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

AT_ONCE = 256


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """Analogies a : b = c : d whose four words are all known: ``rows`` (q, 4) int64, ``relation`` (q,) int64 says under
    which of ``names`` each stands.
    """

    names: tuple[str, ...]
    rows: np.ndarray
    relation: np.ndarray


def questions(
    relations: Mapping[str, Sequence[tuple[str, str]]], rows: Mapping[str, int], most: int, least: int = 5
) -> Questions:
    """Return ``most`` analogies at most of each relation, spread over its pairs; those of which fewer than ``least``
    pairs are known are left out.
    """
    names: list[str] = []
    found: list[np.ndarray] = []
    relation: list[int] = []
    for name, pairs in relations.items():
        known = np.array([(rows[a], rows[b]) for a, b in pairs if a in rows and b in rows], np.int64).reshape(-1, 2)
        if len(known) < max(2, least):
            continue
        # Pair i with the pair 1, 2, ... places further on: so every pair is asked about equally often.
        count = len(known)
        turns = [(first, (first + shift) % count) for shift in range(1, count) for first in range(count)][:most]
        first, second = np.array(turns).T
        found.append(np.concatenate([known[first], known[second]], axis=1))
        relation += [len(names)] * len(turns)
        names.append(name)
    rows_of = np.concatenate(found) if found else np.empty((0, 4), np.int64)
    return Questions(tuple(names), rows_of, np.array(relation, np.int64))


def units(vectors: np.ndarray) -> np.ndarray:
    """Return vectors (n, d) brought to length 1; zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def solved(vectors: np.ndarray, asked: Questions) -> np.ndarray:
    """Return (q,) bool: whether the word nearest to b - a + c, of all but these three, is d (3CosAdd; Mikolov et al.
    2013, N13-1090).
    """
    unit = units(vectors)
    right = np.zeros(len(asked.rows), bool)
    for start in range(0, len(right), AT_ONCE):
        a, b, c, d = asked.rows[start : start + AT_ONCE].T
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T
        every = np.arange(len(a))
        for given in (a, b, c):
            scores[every, given] = -np.inf
        right[start : start + AT_ONCE] = scores.argmax(axis=1) == d
    return right


def shares(right: np.ndarray, asked: Questions) -> np.ndarray:
    """Return (names,) float64: which share of each relation's analogies hold."""
    count = np.bincount(asked.relation, minlength=len(asked.names))
    return np.bincount(asked.relation, weights=right, minlength=len(asked.names)) / np.maximum(count, 1)


def nearest(vectors: np.ndarray, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows (k,) of the words nearest to one, and their cosines, falling; itself left out."""
    unit = units(vectors)
    cosines = unit @ unit[row]
    cosines[row] = -np.inf
    best = np.argsort(-cosines, kind="stable")[: min(k, len(unit) - 1)]
    return best, cosines[best]


def layout(vectors: np.ndarray, before: np.ndarray | None = None) -> np.ndarray:
    """Return where some words (w, d) lie in a plane, (w, 2) float32, less than 2 from the middle: the first two
    principal components of their directions.

    They are turned and mirrored, as one, to lie as near as may be to ``before`` (orthogonal Procrustes; Schonemann
    1966), so that what moves on the screen has moved in space. Lengths of vectors, which all grow, are left out.
    """
    unit = units(np.nan_to_num(vectors.astype(np.float64), posinf=0.0, neginf=0.0))
    centred = unit - unit.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    flat = np.zeros((len(unit), 2))
    flat[:, : min(2, len(sizes))] = (left * sizes)[:, :2]
    if before is not None:
        turn, _, back = np.linalg.svd(flat.T @ before)
        flat = flat @ (turn @ back)
    return flat.astype(np.float32)
