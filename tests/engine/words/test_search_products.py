"""Products of many rows with a few vectors are numpy's, and nothing that they are made of is forgotten meanwhile."""

import numpy as np
import pytest

from engine.words import search_products
from engine.words.search_products import products

RANDOM = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize(("rows", "queries", "width"), [(1, 1, 1), (1000, 3, 17), (5000, 1, 64)])
def test_products_are_those_of_numpy(rows: int, queries: int, width: int) -> None:
    given, asked = floats(rows, width), floats(queries, width)
    np.testing.assert_allclose(products(given, asked), asked @ given.T, atol=1e-4)


def test_what_the_call_reads_lives_as_long_as_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows may be forgotten by another thread that asks of many others; here they are never remembered."""
    monkeypatch.setattr(search_products, "_each_row", search_products._each_row.__wrapped__)
    given, asked = floats(400_000, 24), floats(3, 24)  # so large that memory given back is gone: this process would end
    np.testing.assert_allclose(products(given, asked), asked @ given.T, atol=1e-3)
