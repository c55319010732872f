"""What becomes of a few sentences on their way to numbers, step by step, so that each step can be seen.

Sentences are texts; ``tokens`` of each are cut by a TextSpec. All of it is small: a page shows it whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.seeds import derive


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Some sentences as numbers; V words, S sentences, T tokens in all.

    ``words`` are the distinct tokens in the order of the alphabet; ``index`` (T,) int64 is each token's row there,
    ``sentence`` (T,) int64 the sentence that it stands in; ``one_hot`` (T, V) int64 is a row for every token, with a
    single 1; ``bag`` (S, V) int64 counts words of a sentence; ``tf_idf`` (S, V) float64 weighs them; ``dense`` (V, d)
    float32 is a random vector for every word, as training begins with.
    """

    words: tuple[str, ...]
    index: np.ndarray
    sentence: np.ndarray
    one_hot: np.ndarray
    bag: np.ndarray
    idf: np.ndarray
    tf_idf: np.ndarray
    dense: np.ndarray


def steps(sentences: Sequence[Sequence[str]], dimensions: int = 4, seed: int = 0) -> Steps:
    """Return how some tokenised sentences become numbers.

    TF-IDF is count * (1 + ln((1 + S) / (1 + df))) with df the number of sentences that hold a word, each sentence then
    brought to length 1 (Sparck Jones 1972, smoothed as in scikit-learn). The dense vectors are uniform in
    (-0.5, 0.5) / d, as in word2vec's program.
    """
    words = tuple(sorted({token for sentence in sentences for token in sentence}))
    rows = {word: row for row, word in enumerate(words)}
    index = np.array([rows[token] for sentence in sentences for token in sentence], np.int64)
    sentence = np.repeat(np.arange(len(sentences)), [len(tokens) for tokens in sentences])
    one_hot = (index[:, None] == np.arange(len(words))).astype(np.int64)
    bag = np.zeros((len(sentences), len(words)), np.int64)
    np.add.at(bag, (sentence, index), 1)
    idf = 1 + np.log((1 + len(sentences)) / (1 + (bag > 0).sum(axis=0)))
    weighed = bag * idf
    lengths = np.linalg.norm(weighed, axis=1, keepdims=True)
    dense = (np.random.default_rng(derive(seed, "dense")).random((len(words), dimensions)) - 0.5) / dimensions
    return Steps(
        words,
        index,
        sentence,
        one_hot,
        bag,
        idf,
        np.divide(weighed, lengths, out=np.zeros_like(weighed), where=lengths > 0),
        dense.astype(np.float32),
    )
