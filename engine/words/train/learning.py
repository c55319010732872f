"""From a text to a space, in one call: what the command line and other programs use."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from engine.errors import DataError
from engine.keeping import drafts
from engine.spec import knobs
from engine.words import stored, storing
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.cutting import Corpus, encoded
from engine.words.formats.fasttext import Model
from engine.words.formats.rows import Report
from engine.words.formats.telling import Contents
from engine.words.formats.writing_fasttext import Learning
from engine.words.opening import cache_folder
from engine.words.space import Space
from engine.words.stored import Provenance
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.pace import Pace
from engine.words.train.spec import FastTextSpec, VectorSpec, Word2VecSpec
from engine.words.train.trainer import Learnt, Trainer


class Going(NamedTuple):
    """How a training goes: where it stands, which share of all is done, 0 to 1, how many words of the text it learns a
    second, and how many seconds are left; NaN where that is not known yet.
    """

    learnt: Learnt
    share: float
    words_per_second: float
    seconds_left: float


Step = TypeVar("Step")
Progress = Callable[[Going], bool | None]
"""Told behind every chunk how the training goes; whoever returns False stops it, and what is learnt stays."""


def word2vec(
    corpus: Corpus,
    spec: Word2VecSpec | None = None,
    progress: Progress | None = None,
    *,
    text: TextSpec | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Space:
    """Learn word2vec vectors, by gensim or by our own PyTorch, and return their space, kept in ``cache``.

    ``text`` says how a file is cut. Raises DataError where the text has too few words.
    """
    spec = spec or Word2VecSpec()
    return drained(learning(corpus, spec, text, cache), progress)


def fasttext(
    corpus: Corpus,
    spec: FastTextSpec | None = None,
    progress: Progress | None = None,
    *,
    text: TextSpec | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Space:
    """Learn fastText vectors by gensim, as ``word2vec`` does; words that were never seen have vectors too."""
    spec = spec or FastTextSpec()
    return drained(learning(corpus, spec, text, cache), progress)


def learning(
    corpus: Corpus, spec: VectorSpec, text: TextSpec | None = None, cache: str | os.PathLike[str] | None = None
) -> Generator[Going, bool | None, Space]:
    """Learn as ``word2vec`` and ``fasttext`` do: yield how it goes behind every chunk, and return the space at last.

    To send False ends it, and what is learnt stays.
    """
    home = cache_folder(cache)
    numbers = encoded(corpus, text, home)
    return (yield from learning_encoded(numbers, spec, folder_of(home, numbers, spec)))


def learning_encoded(text: EncodedText, spec: VectorSpec, folder: Path) -> Generator[Going, bool | None, Space]:
    """Learn a text that is numbers already, as ``learning`` does, and leave the space in ``folder``."""
    one = trainer(text, spec)
    now = Learnt(0, 0.0, 0, float("nan"), float("nan"))
    for step in going(one, spec):
        now = step.learnt
        if (yield step) is False:
            break
    return keep(text, spec, now, one.model(), folder)


def drained(steps: Generator[Step, bool | None, Space], progress: Callable[[Step], bool | None] | None) -> Space:
    """Go through a learning to its end, or until ``progress`` returns False; return the space."""
    said: bool | None = None
    while True:
        try:
            step = steps.send(said)
        except StopIteration as end:
            return end.value
        said = None if progress is None else progress(step)


def trainer(text: EncodedText, spec: VectorSpec) -> Trainer:
    """Return what learns a text as ``spec`` says; raises DataError where it has too few words."""
    if isinstance(spec, Word2VecSpec) and spec.program == "torch" and not isinstance(spec, FastTextSpec):
        if spec.architecture != "skipgram" or spec.objective != "negative":
            raise DataError("Our own program in PyTorch learns skip-gram with negative sampling only: choose gensim.")
        from engine.words.train.skipgram import SkipGramTrainer

        return SkipGramTrainer(text, spec)
    if isinstance(spec, Word2VecSpec):
        from engine.words.train.gensim_trainer import GensimTrainer

        return GensimTrainer(text, spec)
    if isinstance(spec, GloveSpec):
        from engine.words.train.glove_trainer import GloveTrainer

        return GloveTrainer(text, spec)
    raise DataError(f"Nothing learns {type(spec).__name__}.")


def going(one: Trainer, spec: VectorSpec) -> Iterator[Going]:
    """Yield how a training goes, behind every chunk."""
    pace = Pace(spec.epochs * one.total)
    pace.begin(time.perf_counter())
    for learnt in one.steps():
        pace.end(learnt.tokens, time.perf_counter())
        yield Going(learnt, learnt.epoch / spec.epochs, pace.per_second, pace.seconds_left)
        pace.begin(time.perf_counter())


def keep(text: EncodedText, spec: VectorSpec, learnt: Learnt, model: Model, folder: Path) -> Space:
    """Leave what was learnt in ``folder``, whole or not at all, and return its space.

    Raises DataError where the numbers have outgrown all bounds, or there is no room.
    """
    if not (np.isfinite(model.own).all() and np.isfinite(model.grams).all()):
        raise DataError("The vectors outgrew all bounds and were not kept: expected a smaller learning rate.")
    contents = Contents.learnt(model)
    with drafts.drafted(folder) as aside:
        *_, rows = storing.write_rows(aside, contents, Report())
        notes = (
            f"{text.record.tokens:,} tokens of text, of which {int(model.counts.sum()):,} are of words that are kept.",
            f"{_kind(spec)}, {learnt.epoch:.3g} of {spec.epochs} epochs: {_settings(spec)}.",
        )
        subwords = model.subwords if model.subwords.buckets else None
        Provenance(
            text.record.source,
            text.record.sha256,
            contents.kind,
            rows,
            contents.dimensions,
            None,
            (),
            notes,
            subwords=subwords,
        ).write(aside)
    return Space(stored.open_folder(folder))


def folder_of(home: Path, text: EncodedText, spec: VectorSpec) -> Path:
    """Return where what ``spec`` learns of a text is kept; columns of one file are different texts."""
    record = text.record
    said = [record.sha256, record.spec, record.tokens, record.distinct, type(spec).__name__, spec.to_json()]
    return home / f"trained-{hashlib.sha256(json.dumps([*said, stored.FORM]).encode()).hexdigest()[:24]}"


def how_learnt(spec: VectorSpec) -> Learning | None:
    """Return what the file of a fastText model tells of how it was learnt; nothing for other methods."""
    if not isinstance(spec, FastTextSpec):
        return None
    return Learning(
        spec.window,
        spec.epochs,
        spec.min_count,
        spec.negative,
        spec.objective == "hierarchical",
        spec.architecture == "cbow",
        spec.sample,
    )


def _kind(spec: VectorSpec) -> str:
    return {"Word2VecSpec": "word2vec", "FastTextSpec": "fastText", "GloveSpec": "GloVe"}.get(type(spec).__name__, "")


def _settings(spec: VectorSpec) -> str:
    """Return the settings that matter, by their labels."""
    found = (setting for setting in knobs(type(spec)) if setting.applies(spec))
    return ", ".join(f"{one.knob.label.lower()} {one.word(getattr(spec, one.name))}" for one in found)
