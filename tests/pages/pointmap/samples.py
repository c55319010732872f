"""Maps made up with numpy, their neighbours and kept shares worked out by scikit-learn."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from engine.frames import Message, encode

K = 15
GROUPS = 6
HOSTILE = "<img src=x onerror='window.hacked=true'>"
_PARTS = ("ka", "lo", "mi", "ren", "tu", "sha", "vel", "do", "na", "pri", "eth", "om", "su", "gar", "li", "bex")


@dataclass(frozen=True)
class Sample:
    """A map: words, vectors of the original space, and all that a finished map holds."""

    words: list[str]
    vectors: np.ndarray
    positions: np.ndarray
    neighbours: np.ndarray
    kept: np.ndarray
    cosines: np.ndarray
    clusters: np.ndarray
    frequency: np.ndarray
    rows: np.ndarray

    @property
    def count(self) -> int:
        return len(self.words)

    @property
    def groups(self) -> int:
        return int(self.clusters.max(initial=-1)) + 1

    def header(self) -> dict[str, Any]:
        """Return what the finished map says of itself."""
        return {
            "method": "pca",
            "n": self.count,
            "d": self.positions.shape[1],
            "k": K,
            "trustworthiness": 0.913,
            "continuity": 0.948,
            "kept": float(self.kept.mean()) if self.count else None,
            "cluster_labels": [f"about {self.words[int(np.argmax(self.clusters == c))]}" for c in range(self.groups)],
            "seconds": 1.5,
            "notes": [],
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays of the finished map."""
        names = ("rows", "positions", "kept", "neighbours", "cosines", "clusters", "frequency")
        return {name: getattr(self, name) for name in names}


def words_of(count: int) -> list[str]:
    """Return words that are all different, as a language might have them."""
    base = len(_PARTS)
    made = []
    for number in range(count):
        digits = [number % base, number // base % base]
        rest = number // base**2
        while rest:
            digits.append(rest % base)
            rest //= base
        made.append("".join(_PARTS[digit] for digit in digits))
    return made


def sample(count: int = 300, dimensions: int = 2, seed: int = 1, words: Sequence[str] = ()) -> Sample:
    """Return a map of so many words in ``GROUPS`` groups of 12 numbers each, laid out by PCA."""
    random = np.random.default_rng(seed)
    clusters = random.integers(0, GROUPS, count).astype(np.int32)
    vectors = (random.normal(size=(GROUPS, 12))[clusters] * 1.6 + random.normal(size=(count, 12))).astype(np.float32)
    positions = PCA(dimensions, random_state=0).fit_transform(vectors).astype(np.float32)
    found = list(words) + words_of(count)[: count - len(words)]
    return of_vectors(found, vectors, positions, clusters, random)


def of_vectors(
    words: list[str], vectors: np.ndarray, positions: np.ndarray, clusters: np.ndarray, random: np.random.Generator
) -> Sample:
    """Return a map of these words at these places."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    true = NearestNeighbors(n_neighbors=K + 1).fit(unit).kneighbors(unit, return_distance=False)
    here = NearestNeighbors(n_neighbors=K + 1).fit(positions).kneighbors(positions, return_distance=False)
    true, here = (without_itself(found) for found in (true, here))
    kept = np.array([len(set(a) & set(b)) / K for a, b in zip(true, here, strict=True)], np.float32)
    cosines = np.einsum("ikd,id->ik", unit[true], unit).astype(np.float32)
    count = len(words)
    frequency = np.floor(1e6 / (1 + np.arange(count)) ** 0.9 + random.integers(0, 3, count)).astype(np.float64)
    rows = np.arange(count, dtype=np.int32) * 2
    return Sample(words, vectors, positions, true.astype(np.int32), kept, cosines, clusters, frequency, rows)


def without_itself(found: np.ndarray) -> np.ndarray:
    """Return the neighbours of each point without the point, which need not come first where two are alike."""
    return np.array([[other for other in row if other != index][:K] for index, row in enumerate(found)])


def write_words(folder: Path, sample: Sample) -> None:
    """Write what is there of a map from the beginning."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.json").write_text(json.dumps(sample.words), encoding="utf-8")


def write_layout(folder: Path, positions: np.ndarray, version: int, share: float, words: str = "laying out") -> None:
    """Write a layout as it forms."""
    header = {"version": version, "share": share, "words": words}
    _replace(folder / "layout.lsf", encode(Message("layout", header, {"positions": positions.astype(np.float32)})))


def write_map(folder: Path, sample: Sample, **header: Any) -> None:
    """Write a finished map."""
    write_words(folder, sample)
    _replace(folder / "map.lsf", encode(Message("map", sample.header() | header, sample.arrays())))


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".draft")
    draft.write_bytes(data)
    draft.replace(path)
