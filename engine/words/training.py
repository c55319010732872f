"""Trains a space on one of the app's own texts, in a process of its own: gensim's skip-gram with negative sampling."""

import hashlib
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.jobs import Progress
from engine.words import storing, trained
from engine.words.corpora import Corpus, Settings, corpus
from engine.words.formats.fasttext import Model
from engine.words.formats.rows import Report
from engine.words.formats.subwords import NO_SUBWORDS
from engine.words.formats.telling import Contents
from engine.words.stored import Provenance

TELL_EVERY = 10_000
READING, LEARNING = 0.1, 0.98
LAST_RATE = 1e-4


def train(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Train the space of the text ``arguments["corpus"]`` and keep it; how long it takes depends on the text.

    The result tells how many ``words`` and ``dimensions`` it has, the same each time: one worker learns, under a seed.
    Raises DataError where there is no such text.
    """
    text, cache = corpus(arguments["corpus"]), arguments.get("cache")
    space = trained.opened(text.name, cache)
    if space is None:
        sentences, sha256 = yield from _read(text)
        model = yield from learn(sentences, text.settings)
        yield Progress(LEARNING, "keeping the vectors")
        _keep(text, model, sum(map(len, sentences)), sha256, trained.folder(text.name, cache))
        space = trained.opened(text.name, cache)
    return {"words": len(space or ()), "dimensions": text.settings.dimensions}


def _read(text: Corpus) -> Generator[Progress, None, tuple[list[list[str]], str]]:
    """Return the sentences of a text, and its sha256, as if they stood on a line each."""
    sentences: list[list[str]] = []
    digest = hashlib.sha256()
    for sentence in text.sentences():
        if len(sentences) % TELL_EVERY == 0:
            yield Progress(None, f"{len(sentences):,} sentences")
        sentences.append(sentence)
        digest.update((" ".join(sentence) + "\n").encode())
    return sentences, digest.hexdigest()


def learn(sentences: list[list[str]], settings: Settings) -> Generator[Progress, None, Any]:
    """Return gensim's ``KeyedVectors`` of the words of some sentences, learnt epoch by epoch as in one go."""
    from gensim.models import Word2Vec

    yield Progress(READING, "counting words")
    model = Word2Vec(
        vector_size=settings.dimensions,
        window=settings.window,
        min_count=settings.min_count,
        negative=settings.negative,
        sample=settings.sample,
        seed=settings.seed,
        sg=1,
        workers=1,
    )
    model.build_vocab(sentences)
    words = sum(map(len, sentences))
    rates = np.linspace(settings.learning_rate, LAST_RATE, settings.epochs + 1).tolist()
    began = time.perf_counter()
    for epoch in range(settings.epochs):
        speed = f", {epoch * words / (time.perf_counter() - began):,.0f} words a second" if epoch else ""
        share = READING + (LEARNING - READING) * epoch / settings.epochs
        yield Progress(share, f"epoch {epoch + 1} of {settings.epochs}{speed}")
        model.train(
            sentences, total_examples=len(sentences), epochs=1, start_alpha=rates[epoch], end_alpha=rates[epoch + 1]
        )
    return model.wv


def _keep(text: Corpus, vectors: Any, tokens: int, sha256: str, folder: Path) -> None:
    """Write the vectors with the counts of their words, and where they come from."""
    words = [word.encode() for word in vectors.index_to_key]
    counts = np.array([vectors.get_vecattr(word, "count") for word in vectors.index_to_key], dtype=np.int64)
    model = Model(words, counts, vectors.vectors, NO_SUBWORDS)
    contents = Contents.learnt(model)
    with storing.drafted(folder) as aside:
        *_, rows = storing.write_rows(aside, contents, Report())
        notes = (f"{tokens:,} words of text, of which {int(counts.sum()):,} are kept.", _in_words(text.settings))
        Provenance(text.title, sha256, contents.kind, rows, contents.dimensions, None, (), notes, subwords=None).write(
            aside
        )


def _in_words(settings: Settings) -> str:
    """Return one sentence that says how a text was learnt."""
    return (
        f"Skip-gram with negative sampling: window {settings.window}, {settings.negative} negative words, "
        f"{settings.epochs} epochs, learning rate {settings.learning_rate:g} to {LAST_RATE:g}, words that come fewer "
        f"than {settings.min_count} times left out, frequent words thinned above {settings.sample:g}, "
        f"seed {settings.seed}."
    )
