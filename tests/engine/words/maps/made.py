"""Spaces made for maps: groups of words that lie together, and words that are a trouble."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from engine.words import Space, load
from engine.words.maps import MapSpec
from engine.words.maps.points import Points, gather, nearest

T = TypeVar("T")


def drained(stage: Generator[Any, None, T]) -> T:
    """Return what a generator returns."""
    while True:
        try:
            next(stage)
        except StopIteration as end:
            return end.value


def planted(count: int = 600, groups: int = 6, dimensions: int = 20, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors (count, dimensions) in groups that are well apart, and the group of each."""
    random = np.random.default_rng(seed)
    which = random.integers(0, groups, count)
    centres = random.normal(size=(groups, dimensions))
    return (3 * centres[which] + random.normal(size=(count, dimensions))).astype(np.float32), which


def text_of(vectors: np.ndarray, words: Sequence[str] = ()) -> str:
    """Return vectors as a file of word2vec's text form."""
    names = list(words) or [f"word{row}" for row in range(len(vectors))]
    lines = [f"{name} " + " ".join(f"{value:.9g}" for value in row) for name, row in zip(names, vectors, strict=True)]
    return "\n".join([f"{len(vectors)} {vectors.shape[1]}", *lines]) + "\n"


def space_of(folder: Path, vectors: np.ndarray, words: Sequence[str] = ()) -> tuple[Space, Path]:
    """Return a space of these vectors, and the folder in which it is kept."""
    path = folder / "vectors.txt"
    path.write_text(text_of(vectors, words), encoding="utf-8")
    space = load(path, cache=folder / "kept")
    return space, next(entry.parent for entry in (folder / "kept").rglob("provenance.json"))


def points_of(vectors: np.ndarray, metric: str = "cosine") -> Points:
    """Return the points of vectors without a space."""
    if metric == "cosine":
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return Points(np.arange(len(vectors)), vectors.astype(np.float32), metric)


def points_in(space: Space, spec: MapSpec, rows: np.ndarray | None = None) -> Points:
    """Return the points of a space."""
    return gather(space, np.arange(len(space)) if rows is None else rows, spec)[0]


def neighbours_of(points: Points, k: int = 15) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest of each point."""
    return drained(nearest(points, k))
