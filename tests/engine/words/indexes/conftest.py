"""Spaces made of words and numbers, as those of comparisons are."""

from tests.engine.words.compare.conftest import make

__all__ = ["make"]
