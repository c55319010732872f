"""Which index to choose: flat, lists, graphs, codes and their mixes, measured on an open space; light."""

from engine.words.indexes.advice import Expected, advice
from engine.words.indexes.spec import IndexSpec, order

__all__ = ["Expected", "IndexSpec", "advice", "order"]
