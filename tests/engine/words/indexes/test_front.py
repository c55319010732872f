"""The Pareto front is all that nothing else is better than, whatever was measured."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.words.indexes import told
from engine.words.indexes.front import front

points = st.lists(
    st.builds(lambda cost, recall: {"cost": cost, "recall": recall}, st.integers(1, 6), st.integers(0, 6))
)


@given(points)
def test_it_is_what_no_other_dominates(findings: list[dict[str, Any]]) -> None:
    def beaten(one: dict[str, Any]) -> bool:
        return any(
            other["cost"] <= one["cost"]
            and other["recall"] >= one["recall"]
            and (other["cost"], other["recall"]) != (one["cost"], one["recall"])
            for other in findings
        )

    best = front(findings, "cost")
    assert {(one["cost"], one["recall"]) for one in best} == {
        (one["cost"], one["recall"]) for one in findings if not beaten(one)
    }
    assert [one["cost"] for one in best] == sorted({one["cost"] for one in best})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00031234, "0.000312 ms"),
        (0.05, "0.05 ms"),
        (1.2345, "1.23 ms"),
        (123.4, "123 ms"),
        (999.9, "1,000 ms"),
        (1_000, "1 s"),
    ],
)
def test_times_are_told_in_three_digits(value: float, text: str) -> None:
    assert told.milliseconds(value) == text


def test_long_times_sizes_and_shares_are_told() -> None:
    assert [told.seconds(value) for value in (0.0003, 0.5, 90, 150, 7_199, 7_200)] == [
        *("0.3 ms", "0.5 s", "90 s", "2.5 minutes", "120 minutes", "2 hours")
    ]
    assert [told.size(value) for value in (1_234, 5e6, 2.5e9)] == ["0.00123 MB", "5 MB", "2.5 GB"]
    assert [told.share(value) for value in (0, 0.5, 0.9996, 1)] == ["0.0%", "50.0%", "99.9%", "100%"]
