"""Learns vectors of words from a text: word2vec, fastText and GloVe, each to a ``Space``.

What is imported here is light: the trainers themselves bring torch, numba and gensim along, and are imported as they
are asked for, in a process of their own.
"""

from engine.words.train.glove_space import glove
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.learning import fasttext, word2vec
from engine.words.train.spec import FastTextSpec, VectorSpec, Word2VecSpec

__all__ = ["FastTextSpec", "GloveSpec", "VectorSpec", "Word2VecSpec", "fasttext", "glove", "word2vec"]
