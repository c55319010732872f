"""The text of a run in which words are trained: cut once, kept, and mapped by whoever looks at it beside the run."""

from collections.abc import Generator, Mapping
from typing import Any

from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.jobs.job import Work
from engine.labs.train_words import SourceSpec, TrainWordsSpec
from engine.words.corpora import corpus
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.cutting import folder_of, kept_as
from engine.words.corpus.source import MadeSource
from engine.words.opening import cache_folder


def encoding(name: str, spec: TextSpec) -> Generator[Progress, None, EncodedText]:
    """Yield how far the cutting of a text is, and return it as numbers. Raises DataError."""
    text = corpus(name)
    source = MadeSource(text.title, lambda: map(" ".join, text.sentences()))
    return (yield from kept_as(_said(name, spec), source, spec, cache_folder()))


def kept(spec: TrainWordsSpec) -> EncodedText | None:
    """Return the text that a run learns from; None until it is cut. Raises DataError where there is no such text."""
    folder = folder_of(_said(spec.corpus, spec.text()), cache_folder())
    try:
        return EncodedText.open(folder)
    except DataError:
        return None


def order(spec: TrainWordsSpec) -> Order:
    """Return the order to cut the text of a run: the same for all runs that learn from it."""
    names = (*SourceSpec.model_fields, *TextSpec.model_fields)
    alone = TrainWordsSpec(**{name: getattr(spec, name) for name in names})
    return Order.of("engine.labs.train_words_text:cut", spec=alone.to_json())


def cut(arguments: Mapping[str, Any]) -> Work:
    """Cut a text, see ``order``; the result tells how many ``tokens`` it has. Raises DataError."""
    spec = TrainWordsSpec.from_json(arguments["spec"])
    text = yield from encoding(spec.corpus, spec.text())
    return {"tokens": text.record.tokens}


def _said(name: str, spec: TextSpec) -> list[object]:
    return [name, corpus(name).fingerprint(), spec.to_json()]
