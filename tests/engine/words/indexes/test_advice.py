"""Advice follows from the numbers measured, and from nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.words.indexes.advice import advice, expected


def finding(kind: str, value: int, n: int, recall: float, ms: float, size: float) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": kind.title(),
        "knob": "knob",
        "value": value,
        "n": n,
        "recall": recall,
        "median_ms": ms,
        "p95_ms": 2 * ms,
        "bytes": size,
        "build_seconds": ms * n,
    }


measurements = st.lists(
    st.builds(
        finding,
        st.sampled_from(["flat", "ivf", "hnsw", "pq"]),
        st.integers(0, 3),
        st.just(1_000),
        st.floats(0, 1),
        st.floats(1e-3, 1e3),
        st.integers(1, 10**9),
    ),
    min_size=1,
    unique_by=lambda one: (one["kind"], one["value"]),
)


@given(measurements, st.floats(0, 1), st.one_of(st.none(), st.integers(1, 10**9)))
def test_it_is_the_quickest_that_finds_enough_and_is_small_enough(
    findings: list[dict[str, Any]], recall: float, most: int | None
) -> None:
    found = advice(findings, 1_000, recall, most)
    fit = [one for one in findings if one["recall"] >= recall and (most is None or one["bytes"] <= most)]
    assert {(one.kind, one.value) for one in found} == {(one["kind"], one["value"]) for one in fit}
    assert [one.median_ms for one in found] == sorted(one["median_ms"] for one in fit)
    assert all(one.measured for one in found)


def test_other_numbers_give_other_advice() -> None:
    flat, graph = finding("flat", 0, 1_000, 1.0, 2.0, 100), finding("hnsw", 16, 1_000, 0.95, 1.0, 300)
    assert advice([flat, graph], 1_000)[0].kind == "hnsw"
    assert advice([flat, graph], 1_000, 0.99)[0].kind == "flat"
    assert advice([flat, graph], 1_000, most_bytes=200)[0].kind == "flat"
    assert advice([flat | {"median_ms": 0.5}, graph], 1_000)[0].kind == "flat"
    assert advice([graph], 1_000, 0.99) == []


def test_other_sizes_follow_from_how_it_grew() -> None:
    findings = []
    for n in (100, 1_000, 4_000):
        findings.append(finding("flat", 0, n, 1.0, 3e-5 * n, 400 * n))
        findings.append(finding("ivf", 4, n, 0.9, 0.01 * n**0.5, 420 * n))
        findings.append(finding("hnsw", 64, n, 1 - 0.01 * len(str(n)), 0.05, 700 * n))
    findings.append(finding("pq", 0, 4_000, 0.5, 1.0, 1.0))  # measured once: nothing is known of how it grows
    found = {one.kind: one for one in expected(findings, 40_000)}
    assert set(found) == {"flat", "ivf", "hnsw"}
    assert found["flat"].median_ms == pytest.approx(1.2)
    assert found["flat"].p95_ms == pytest.approx(2.4)
    assert found["flat"].bytes == pytest.approx(16e6)
    assert found["flat"].build_seconds == pytest.approx(3e-5 * 40_000**2)
    assert found["ivf"].median_ms == pytest.approx(2.0)
    assert found["hnsw"].median_ms == pytest.approx(0.05)
    assert (found["flat"].recall, found["flat"].measured) == (1.0, False)
    assert advice(findings, 200, 0.9)[0].kind == "flat"
    assert advice(findings, 40_000, 0.9)[0].kind == "hnsw"
    assert advice(findings, 40_000, 0.9, 20e6)[0].kind == "flat"


def test_recall_falls_on_as_it_fell_and_stays_a_share() -> None:
    falling = [finding("ivf", 1, n, recall, 1.0, n) for n, recall in ((100, 0.9), (1_000, 0.7))]
    assert expected(falling, 10_000)[0].recall == pytest.approx(0.5)
    rising = [finding("ivf", 1, n, recall, 1.0, n) for n, recall in ((100, 0.7), (1_000, 0.95))]
    assert expected(rising, 10_000)[0].recall == 1.0


@pytest.mark.parametrize(
    ("sizes", "n", "recall", "why"),
    [
        ([], 10, 0.9, "Nothing has been measured yet"),
        ([1_000], 2_000, 0.9, "measured of 1,000 vectors does not tell of 2,000"),
        ([100, 1_000], 10_001, 0.9, "measured of 100 and 1,000 vectors does not tell of 10,001"),
        ([100, 1_000], 1, 0.9, "does not tell of 1:"),
        ([100], 100, 1.1, "between 0 and 1, received 1.1"),
        ([100], 100, float("nan"), "between 0 and 1"),
    ],
)
def test_what_does_not_follow_is_not_told(sizes: list[int], n: int, recall: float, why: str) -> None:
    with pytest.raises(DataError, match=why):
        advice([finding("flat", 0, size, 1.0, 1.0, 1.0) for size in sizes], n, recall)
