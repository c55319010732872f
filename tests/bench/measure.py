"""Paired measurements: value, reference, value, reference, ... so that a noisy machine spoils both alike."""

import json
import statistics
from collections.abc import Callable, Sequence

PAIRS = 3


def paired(name: str, value: Callable[[], float], reference: Callable[[], float], pairs: int = PAIRS) -> str:
    """Measure both ``pairs`` times in turn and return one JSON object: medians, and the median of the pairs' ratios."""
    rows = [(value(), reference()) for _ in range(pairs)]
    return result(name, rows)


def result(name: str, rows: list[tuple[float, float]]) -> str:
    """Return ``{"name", "value", "reference", "ratio"}`` of paired measurements as JSON."""
    values, references = zip(*rows, strict=True)
    return json.dumps(
        {
            "name": name,
            "value": round(statistics.median(values), 4),
            "reference": round(statistics.median(references), 4),
            "ratio": round(statistics.median(v / r for v, r in rows), 5),
        }
    )


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile of at least two values."""
    return statistics.quantiles(values, n=20)[-1]
