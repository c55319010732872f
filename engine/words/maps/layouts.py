"""How points are laid out: by the method that is asked for, told as it forms."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from engine.words.maps.pca_layout import principal, told
from engine.words.maps.points import Points
from engine.words.maps.spec import MapSpec

FEWEST = 8
"""Words below which there are no neighbourhoods to keep."""
TITLES = {"umap": "UMAP", "tsne": "t-SNE"}


@dataclass(frozen=True, slots=True, eq=False)
class Forming:
    """A layout on its way: its ``share``, 0 to 1, what is done, and where the points are, (n, dimensions), if known."""

    share: float
    words: str
    positions: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A finished layout: positions (n, dimensions) float32, finite, and what there is to be said of them."""

    method: str
    positions: np.ndarray
    notes: tuple[str, ...]


Laying = Generator[Forming, None, Layout]


def neighbours_needed(spec: MapSpec) -> int:
    """Return how many neighbours of each point the method asks for."""
    return {"umap": spec.neighbours - 1, "tsne": int(3 * spec.perplexity), "pca": 0}[spec.method]


def laid_out(points: Points, indices: np.ndarray, distances: np.ndarray, spec: MapSpec) -> Laying:
    """Lay points out whose nearest are ``indices`` (n, k), nearest first, at ``distances`` (n, k).

    Where there are too few points for neighbourhoods, or all lie at one place, by PCA.
    """
    method, notes = spec.method, []
    if method != "pca" and (len(points) < FEWEST or not points.distinct):
        why = f"{len(points):,} words are too few for" if points.distinct else "All these words lie at one place, for"
        notes.append(f"{why} {TITLES[method]}: this is PCA.")
        method = "pca"
    layout = yield from _methods()[method](points, indices, distances, spec)
    if not np.isfinite(layout.positions).all():
        notes.append(f"{TITLES[method]} came to no end with these settings: this is PCA.")
        layout = yield from _by_pca(points, indices, distances, spec)
    return Layout(layout.method, layout.positions, (*notes, *layout.notes))


def _by_pca(points: Points, indices: np.ndarray, distances: np.ndarray, spec: MapSpec) -> Laying:
    yield Forming(0.0, "Turning the space to its widest side")
    positions, shares = principal(points.vectors, spec.dimensions)
    yield Forming(1.0, "Turning the space to its widest side", positions)
    return Layout("pca", positions, (told(shares),) if points.distinct else ())


def _methods():
    from engine.words.maps.tsne_layout import by_tsne
    from engine.words.maps.umap_layout import by_umap

    return {"pca": _by_pca, "tsne": by_tsne, "umap": by_umap}
