"""word2vec and fastText as gensim learns them, a chunk of text at a time."""

import math
from typing import Any

import numpy as np
from gensim.models import FastText, Word2Vec
from scipy.sparse import csr_array

from engine.readings import Arrays
from engine.seeds import derive
from engine.words.corpus.encoded import sentences_of
from engine.words.formats.fasttext import Model
from engine.words.formats.subwords import NO_SUBWORDS, Subwords
from engine.words.train.probing import Places, negative_sampling_loss, tree_loss
from engine.words.train.spec import FastTextSpec, Word2VecSpec
from engine.words.train.trainer import Learnt, TextTrainer

JOB_WORDS = 10_000
"""gensim makes one job of so many words at most."""


class GensimTrainer(TextTrainer):
    """Implements ``engine.words.train.trainer.Trainer``; raises DataError where a text has too few words.

    ``loss`` is that of a word with its neighbours, as gensim sums it; NaN for fastText and for several threads, for
    which gensim tells none that is right.
    """

    def loss_at(self, places: Places) -> float:
        """Return the mean loss at some places of the text."""
        if self.spec.architecture == "skipgram":
            inputs = self.vectors(places.beside[:, 0])
        else:
            there = places.beside >= 0
            every = self.vectors(np.maximum(places.beside, 0).ravel()).reshape(*there.shape, -1)
            inputs = (every * there[:, :, None]).sum(axis=1) / there.sum(axis=1)[:, None]
        if self.spec.objective == "negative":
            told = self._model.syn1neg
            return negative_sampling_loss(inputs, told[places.told], told[places.drawn])
        codes, points = (self._model.wv.expandos[name][places.told] for name in ("code", "point"))
        deepest = max(map(len, codes), default=0)
        nodes, turns = (np.zeros((len(inputs), deepest), np.int64) for _ in range(2))
        for place, (code, point) in enumerate(zip(codes, points, strict=True)):
            nodes[place, : len(code)], turns[place, : len(code)] = point, 1 - 2 * code.astype(np.int64)
        return tree_loss(inputs, self._model.syn1[nodes], turns)

    def vectors(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return what is learnt of some rows (rows, d), or of all."""
        wv, some = self._model.wv, slice(None) if rows is None else rows
        if self._grams is None:
            return wv.vectors[some].copy()
        # The mean of each word's own row and those of its n-grams; gensim's own way goes word by word.
        grams = self._grams[some]
        return (wv.vectors_vocab[some] + grams @ wv.vectors_ngrams) / (1 + np.diff(grams.indptr))[:, None]

    def model(self) -> Model:
        """Return what is learnt, with subwords where there are any."""
        words = [word.encode(errors="surrogatepass") for word in self.words]
        spec = self.spec
        if not isinstance(spec, FastTextSpec):
            return Model(words, self.counts, self.vectors(), NO_SUBWORDS)
        wv = self._model.wv
        subwords = Subwords(spec.shortest, spec.longest, spec.buckets)
        return Model(words, self.counts, wv.vectors_vocab.copy(), subwords, wv.vectors_ngrams.copy())

    def begin(self) -> None:
        """Make gensim's model anew."""
        self._model = _made(self.spec)
        self._model.lifecycle_events = None  # type: ignore[assignment]: otherwise every chunk is noted, for ever
        self._model.build_vocab_from_freq(
            dict(zip(self.words, self.counts.tolist(), strict=True)), corpus_count=self.text.record.sentences
        )
        self._memory = self._model._get_thread_working_mem()
        self._grams = _grams(self._model) if isinstance(self.spec, FastTextSpec) else None

    def learn(self, chunk: np.ndarray, before: Learnt, rate: float) -> float:
        """Learn one chunk and return its loss."""
        model, sentences = self._model, sentences_of(chunk, self.words)
        # Each chunk draws from a stream of its own, so that one can go on from any.
        model.random = np.random.RandomState(derive(self.spec.seed, "chunk", before.number) % 2**32)
        words = sum(map(len, sentences))
        if self.spec.threads == 1 and words <= JOB_WORDS:
            effective = self._learn_here(sentences, before.rate)
        else:
            model.min_alpha_yet_reached = before.rate  # else gensim's log complains of every rise by hand
            effective, _ = model.train(
                sentences,
                total_words=words,
                epochs=1,
                start_alpha=before.rate,
                end_alpha=rate,
                compute_loss=self._tells_loss,
                report_delay=1e9,
            )
        return model.get_latest_training_loss() / effective if self._tells_loss and effective else math.nan

    def _learn_here(self, sentences: list[list[str]], rate: float) -> int:
        """Learn what ``train`` would make one job of, without threads that wait for each other; return how many words
        were not thinned out.
        """
        model = self._model
        model.compute_loss, model.running_training_loss = self._tells_loss, 0.0
        effective, _ = model._do_train_job(sentences, rate, self._memory)
        return effective

    def tables(self) -> Arrays:
        """Return gensim's own layers."""
        wv, model = self._model.wv, self._model
        if isinstance(self.spec, FastTextSpec):
            layers = {"vectors": wv.vectors_vocab, "ngrams": wv.vectors_ngrams}
        else:
            layers = {"vectors": wv.vectors}
        outputs = {"contexts": "syn1neg", "tree": "syn1"}
        return layers | {name: getattr(model, theirs) for name, theirs in outputs.items() if hasattr(model, theirs)}

    @property
    def _tells_loss(self) -> bool:
        return self.spec.threads == 1 and not isinstance(self.spec, FastTextSpec)


class _FastText(FastText):
    """gensim's, without the loop over all words behind every chunk: their means are taken where one asks for them."""

    def _clear_post_train(self) -> None:
        """Leave the vectors of whole words as they are."""


def _grams(model: Any) -> csr_array:
    """Return which n-grams each word has, (words, buckets), one for each time; the rows of the same float32."""
    rows = model.wv.buckets_word
    ends = np.cumsum([0, *map(len, rows)])
    shape = (len(rows), len(model.wv.vectors_ngrams))
    return csr_array((np.ones(ends[-1], np.float32), np.concatenate(rows).astype(np.int64), ends), shape=shape)


def _made(spec: Word2VecSpec) -> Any:
    common: dict[str, Any] = {
        "vector_size": spec.dimensions,
        "window": spec.window,
        "min_count": 1,
        "sample": spec.sample,
        "sg": int(spec.architecture == "skipgram"),
        "hs": int(spec.objective == "hierarchical"),
        "negative": spec.negative if spec.objective == "negative" else 0,
        "seed": derive(spec.seed, "vectors") % 2**32,
        "workers": spec.threads,
        "sorted_vocab": 0,  # as the text has them: gensim's turns round words that come equally often
    }
    if isinstance(spec, FastTextSpec):
        return _FastText(min_n=spec.shortest, max_n=spec.longest, bucket=spec.buckets, **common)
    return Word2Vec(**common)
