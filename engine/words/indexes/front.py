"""The Pareto front: of all that was measured, what nothing else is better than; light."""

from collections.abc import Mapping, Sequence
from typing import Any


def front(findings: Sequence[Mapping[str, Any]], cost: str) -> list[Mapping[str, Any]]:
    """Return the findings than which no other has as large a recall at a smaller ``cost``, or a larger recall at the
    same, the cheapest first: each next one costs more, and finds more.
    """
    best: list[Mapping[str, Any]] = []
    for one in sorted(findings, key=lambda one: (one[cost], -one["recall"])):
        if not best or one["recall"] > best[-1]["recall"]:
            best.append(one)
    return best
