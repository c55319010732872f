"""``train.word2vec`` and ``train.fasttext``: words a second through our trainers, as the lab and the command line have
them learn, chunk by chunk, the loss of word2vec summed besides; and through one call of gensim's own, on the same text
with the same settings.
"""

import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from engine.words.corpus import EncodedText
from engine.words.train import FastTextSpec, Word2VecSpec
from tests.bench import train_text, words_file
from tests.bench.measure import PAIRS, result

WORD2VEC = Word2VecSpec(dimensions=100, epochs=2)
FASTTEXT = FastTextSpec(dimensions=100, epochs=1, buckets=100_000)
MOST = 50_000
"""Sentences: some million words of the made-up ones."""


def run(word2vec: Word2VecSpec = WORD2VEC, fasttext: FastTextSpec = FASTTEXT, most: int = MOST) -> Iterator[str]:
    """Yield the lines of both, each of pairs of measurements in turn."""
    from engine.words.corpus.cutting import encoded

    with tempfile.TemporaryDirectory(dir=words_file.folder()) as made:
        text = encoded(list(islice(train_text.sentences(), most)), None, Path(made))
        for name, spec in (("train.word2vec", word2vec), ("train.fasttext", fasttext)):
            sentences = list(text.sentences(text.kept(spec.min_count, spec.max_words)))
            words = spec.epochs * sum(map(len, sentences))
            yield result(name, [(words / _ours(text, spec), words / _theirs(sentences, spec)) for _ in range(PAIRS)])


def _ours(text: EncodedText, spec: Word2VecSpec) -> float:
    """Return the seconds of all steps, without those in which the words are prepared."""
    from engine.words.train.learning import going, trainer

    one = trainer(text, spec)
    began = time.perf_counter()
    for _ in going(one, spec):
        pass
    return time.perf_counter() - began


def _theirs(sentences: list[list[str]], spec: Word2VecSpec) -> float:
    """Return the seconds of gensim's ``train``; its vocabulary is made before."""
    from gensim.models import FastText, Word2Vec

    common: dict[str, Any] = {
        "vector_size": spec.dimensions,
        "window": spec.window,
        "min_count": spec.min_count,
        "sample": spec.sample,
        "negative": spec.negative,
        "alpha": spec.learning_rate,
        "sg": 1,
        "workers": spec.threads,
        "seed": spec.seed,
    }
    if isinstance(spec, FastTextSpec):
        model: Any = FastText(min_n=spec.shortest, max_n=spec.longest, bucket=spec.buckets, **common)
    else:
        model = Word2Vec(**common)
    model.build_vocab(sentences)
    began = time.perf_counter()
    model.train(sentences, total_examples=len(sentences), epochs=spec.epochs)
    return time.perf_counter() - began
