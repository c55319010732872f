"""Learns vectors of words from a text: word2vec, fastText and GloVe, each to a ``Space``; and from texts with labels
a classifier of them.

What is imported here is light: the trainers themselves bring torch, numba and gensim along, and are imported as they
are asked for, in a process of their own.
"""

from engine.words.train.classifier import classifier
from engine.words.train.classifier_spec import ClassifierSpec
from engine.words.train.glove_space import glove
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.learning import fasttext, word2vec
from engine.words.train.spec import FastTextSpec, VectorSpec, Word2VecSpec

__all__ = [
    "ClassifierSpec",
    "FastTextSpec",
    "GloveSpec",
    "VectorSpec",
    "Word2VecSpec",
    "classifier",
    "fasttext",
    "glove",
    "word2vec",
]
