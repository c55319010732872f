"""How indexes are to be measured: the settings, and the order of the work; light."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from engine.jobs import Order
from engine.spec import Knob, Spec
from engine.words.indexes.kinds import KINDS

KindName = Literal["flat", "ivf", "hnsw", "pq", "ivf_pq", "ivf_pq_refined", "hnsw_sq", "annoy", "hnswlib"]
ALL: tuple[KindName, ...] = ("flat", "ivf", "hnsw", "pq", "ivf_pq", "ivf_pq_refined", "hnsw_sq", "annoy", "hnswlib")
TITLES = {
    "numpy": "numpy, all rows",
    "flat": "Flat: all rows",
    "ivf": "IVF: lists around centres",
    "hnsw": "HNSW: a graph",
    "pq": "PQ: a byte for four numbers",
    "ivf_pq": "IVF + PQ",
    "ivf_pq_refined": "IVF + PQ, ranked by the vectors",
    "hnsw_sq": "HNSW + a byte for each number",
    "annoy": "annoy: trees",
    "hnswlib": "hnswlib: a graph",
}
"""Kinds as a person reads them; plain numpy is always measured, as what the others are held against."""


def installed(_: Spec) -> list[KindName]:
    """Return the kinds that can be built here."""
    return [name for name in ALL if KINDS[name].installed]


class IndexSpec(Spec):
    """Which indexes are built of how many words, and how many questions they are asked."""

    rows: Annotated[
        int,
        Field(ge=100, le=1_000_000),
        Knob("Words", "The first so many words of the space. A graph of 100,000 takes minutes to build.", log=True),
    ] = 20_000
    queries: Annotated[
        int,
        Field(ge=10, le=2_000),
        Knob("Questions", "So many words, spread over all, are asked for their 10 nearest.", log=True),
    ] = 200
    kinds: Annotated[
        tuple[KindName, ...], Field(min_length=1, max_length=9), Knob("Indexes", labels=TITLES, choices=installed)
    ] = ALL


def order(folder: Path, spec: IndexSpec) -> Order:
    """Return the order to measure indexes of the space kept in ``folder``."""
    return Order.of("engine.words.indexes.work:measure", space=str(folder.resolve()), spec=spec.to_json())
