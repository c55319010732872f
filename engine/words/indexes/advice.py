"""Which index to take for n vectors: what was measured decides, by one rule, and nothing else is known here.

The rule: of all indexes and settings that find at least a share ``recall`` of the 10 nearest, and take at most so many
bytes, the one with the smallest median time of a question. What was measured of n words itself counts as it is. For
another n the two largest sizes measured are drawn out: times and bytes along a straight line between their logarithms,
the recall along one over the logarithm of n; no farther than ``FARTHEST`` times the largest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import DataError

FARTHEST = 10


@dataclass(frozen=True, slots=True)
class Expected:
    """An index under one setting, and what is to be expected of it among ``n`` words; ``measured`` where it was."""

    kind: str
    title: str
    knob: str
    value: int
    n: int
    recall: float
    median_ms: float
    p95_ms: float
    bytes: float
    build_seconds: float
    measured: bool


def advice(
    findings: Sequence[Mapping[str, Any]], n: int, recall: float = 0.9, most_bytes: float | None = None
) -> list[Expected]:
    """Return what fits n vectors, the quickest first: that comes first which is to be taken; empty where nothing fits.

    ``findings`` are those of ``work.measure``. Raises DataError where there is none yet, for a ``recall`` that is no
    share, or an n that is too far from what was measured.
    """
    if not 0 <= recall <= 1:
        raise DataError(f"The share of the nearest that is to be found lies between 0 and 1, received {recall:g}.")
    fitting = [
        one for one in expected(findings, n) if one.recall >= recall and (most_bytes is None or one.bytes <= most_bytes)
    ]
    return sorted(fitting, key=lambda one: (one.median_ms, -one.recall))


def expected(findings: Sequence[Mapping[str, Any]], n: int) -> list[Expected]:
    """Return what is to be expected among n vectors of each index and setting that was measured often enough."""
    sizes = sorted({one["n"] for one in findings})
    if not sizes:
        raise DataError("Nothing has been measured yet that advice could follow from.")
    if n not in sizes and (len(sizes) < 2 or not 2 <= n <= FARTHEST * sizes[-1]):
        told = " and ".join(f"{size:,}" for size in sizes)
        raise DataError(f"What was measured of {told} vectors does not tell of {n:,}: measure more of them.")
    by: dict[tuple[str, int], dict[int, Mapping[str, Any]]] = {}
    for one in findings:
        by.setdefault((one["kind"], one["value"]), {})[one["n"]] = one
    return [_at(some, n) for some in by.values() if n in some or len(some) > 1]


def _at(some: Mapping[int, Mapping[str, Any]], n: int) -> Expected:
    if n in some:
        one = some[n]
        return Expected(**{name: one[name] for name in Expected.__slots__ if name != "measured"}, measured=True)
    small, large = sorted(some)[-2:]
    share = float(np.log(n / small) / np.log(large / small))  # 0 at the smaller, 1 at the larger

    def between(name: str) -> float:
        low, high = (max(some[size][name], 1e-12) for size in (small, large))
        return float(low * (high / low) ** share)

    recall = some[small]["recall"] + share * (some[large]["recall"] - some[small]["recall"])
    last = some[large]
    return Expected(
        last["kind"],
        last["title"],
        last["knob"],
        last["value"],
        n,
        float(np.clip(recall, 0, 1)),
        *(between(name) for name in ("median_ms", "p95_ms", "bytes", "build_seconds")),
        measured=False,
    )
