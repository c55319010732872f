"""Numbers as a person says them."""

import pytest

from engine.explanation import percent


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        (0, "0.0%"),
        (1e-9, "less than 0.1%"),
        (0.0012, "0.1%"),
        (0.13534, "13.5%"),
        (0.999, "99.9%"),
        (0.99999, "more than 99.9%"),
        (1, "100.0%"),
    ],
)
def test_what_is_not_quite_certain_or_impossible_is_not_told_to_be(probability: float, told: str) -> None:
    assert percent(probability) == told
