"""Spaces of words: opened from the files of word2vec, GloVe and fastText, and asked for neighbours and analogies."""

from engine.words.opening import load
from engine.words.space import Axis, Space

__all__ = ["Axis", "Space", "load"]
