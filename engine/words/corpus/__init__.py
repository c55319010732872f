"""Corpora: texts of any size, cut into tokens and kept as numbers, for whatever learns words from them."""

from engine.words.corpus.encoded import EncodedText
from engine.words.corpus.spec import TextSpec

__all__ = ["EncodedText", "TextSpec"]
