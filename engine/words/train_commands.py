"""``python -m engine words-train METHOD CORPUS OUT``: vectors learnt from a text, without a browser."""

import argparse
import json
import os
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.errors import SpecError
from engine.keeping.paths import expanded
from engine.spec import assigned
from engine.words.commands import without_nan

if TYPE_CHECKING:
    from engine.words.corpus import EncodedText, TextSpec
    from engine.words.formats.forms import Form
    from engine.words.space import Space
    from engine.words.train import VectorSpec
    from engine.words.train.glove_space import GloveGoing
    from engine.words.train.learning import Going

METHODS = ("word2vec", "fasttext", "glove")
FORMS = ("word2vec", "word2vec-text", "glove", "fasttext", "fasttext-vec", "safetensors")
EVERY_SECONDS = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("method", choices=METHODS, metavar="METHOD", help=", ".join(METHODS))
    parser.add_argument("corpus", metavar="CORPUS", help="a text, also gzipped, or a table (CSV) with --column")
    parser.add_argument("out", metavar="OUT", help="the file of vectors to be written: .bin, .txt, .vec, .safetensors")
    parser.add_argument("--format", choices=FORMS, help="the form of OUT; without it the ending tells it")
    parser.add_argument("--column", metavar="NAME", default="", help="the column of a table that holds the text")
    for option, what in (("--set", "change one setting of the training"), ("--text", "of how the text is cut")):
        parser.add_argument(option, metavar="key=value", action="append", default=[], help=f"{what}; may be repeated")


def train(options: argparse.Namespace) -> Iterator[str]:
    """Learn, write the vectors, and yield a line of JSON now and then, and one with the result.

    Ctrl-C ends the learning, and what is learnt until then is written; before there is anything, it ends all. Raises
    SpecError and DataError, and KeyboardInterrupt at last where one was stopped.
    """
    from engine.keeping import drafts
    from engine.words.corpus import TextSpec
    from engine.words.formats.writing import check_words, write
    from engine.words.opening import cache_folder
    from engine.words.train.learning import how_learnt
    from engine.words.train.trainer import vocabulary

    spec = _spec(options.method, assigned(options.set, "--set"))
    text_spec = TextSpec.from_strings(assigned(options.text, "--text"))
    out, form = expanded(options.out), _form(options)
    began = time.monotonic()
    drafts.tidy(cache_folder())  # of those that were killed
    text = yield from _cut(options, text_spec)
    # Sooner than after hours: words that the file cannot hold, and a text of too few.
    check_words(islice(text.words, vocabulary(text, spec)), form)
    watch = _Watch()
    with _interrupts(watch):
        with _whole():
            import_module(f"engine.words.train.{_program(spec)}")
        space = yield from _learn(text, spec, watch)
        written = write(space, out, form, how_learnt(spec))
    told: dict[str, Any] = {
        "method": options.method,
        "words": len(space),
        "dimensions": space.dimensions,
        **watch.last,
        "stopped": watch.stopped,
        "seconds": round(time.monotonic() - began, 3),
        "written": options.out,
        "format": written.form,
        "bytes": written.bytes,
        "text": {"tokens": text.record.tokens, "distinct": text.record.distinct, **json.loads(text.record.spec)},
        "spec": json.loads(spec.to_json()),
    }
    yield json.dumps({"result": without_nan(told)}, ensure_ascii=False)
    if watch.stopped:
        raise KeyboardInterrupt


class _Watch:
    """What a training told last, and whether it is to stop."""

    def __init__(self) -> None:
        self.learning = self.stopped = False
        self.last: dict[str, Any] = {}

    def line(self, going: "Going | GloveGoing") -> dict[str, Any]:
        """Take note of how a training goes, and return what is to be told of it."""
        told = going._asdict()
        if "learnt" in told:
            learnt = told.pop("learnt")
            told |= {"epoch": learnt.epoch, "loss": learnt.loss}
        elif told.pop("doing") and not told["share"]:
            return {"doing": going[0]}
        self.learning = True
        self.last = {name: number for name, number in told.items() if name not in ("share", "seconds_left")}
        return told


@contextmanager
def _interrupts(watch: _Watch) -> Generator[None]:
    """Have Ctrl-C stop what learns; a second one, or one before anything is learnt, ends the program."""

    def stop(*_: object) -> None:
        if watch.stopped or not watch.learning:
            raise KeyboardInterrupt
        watch.stopped = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _whole() -> Generator[None]:
    """Have Ctrl-C wait until this is over: modules that are not written in Python, and hear of it while they are
    imported, fail in words of their own.
    """
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _program(spec: "VectorSpec") -> str:
    """Return the module that learns, which takes a second or more to be imported."""
    from engine.words.train import GloveSpec, Word2VecSpec

    if isinstance(spec, GloveSpec):
        return "glove_learning"
    return "skipgram" if isinstance(spec, Word2VecSpec) and spec.program == "torch" else "gensim_trainer"


def _spec(method: str, strings: dict[str, str]) -> "VectorSpec":
    from engine.words.train import FastTextSpec, GloveSpec, Word2VecSpec

    kind = {"word2vec": Word2VecSpec, "fasttext": FastTextSpec, "glove": GloveSpec}[method]
    return kind.from_strings(strings)


def _form(options: argparse.Namespace) -> "Form":
    """Return the form of the file to be written; raises SpecError where it cannot be."""
    from engine.words.formats.writing import check_place, form_of

    out = expanded(options.out)
    check_place(out)
    if out.is_dir() or not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise SpecError(f"{options.out[:200]} cannot be written: expected a file in a folder that can be written to.")
    with suppress(OSError):  # of which one is not there yet
        if out.samefile(expanded(options.corpus)):
            raise SpecError(f"{options.out[:200]} is the text itself: expected another file for the vectors.")
    form = options.format or form_of(out.name, options.method == "fasttext")
    if options.format is None and options.method == "glove" and form == "word2vec-text":
        return "glove"
    if form == "fasttext" and options.method != "fasttext":
        raise SpecError(f"The form fasttext has subwords, and {options.method} learns none: expected another form.")
    return form


def _cut(options: argparse.Namespace, text: "TextSpec") -> "Generator[str, None, EncodedText]":
    """Yield lines while the text is cut; return it."""
    from engine.words.corpus.cutting import encoding
    from engine.words.opening import cache_folder

    going = encoding(options.corpus, text, cache_folder(), options.column)
    due = 0.0
    while True:
        try:
            progress = next(going)
        except StopIteration as end:
            return end.value
        if time.monotonic() >= due:
            due = time.monotonic() + EVERY_SECONDS
            yield json.dumps({"doing": progress.words, "read": progress.share})


def _learn(text: "EncodedText", spec: "VectorSpec", watch: _Watch) -> "Generator[str, None, Space]":
    """Yield lines while vectors are learnt, one in a second; return the space."""
    from engine.words.train import GloveSpec
    from engine.words.train.glove_space import learning_glove
    from engine.words.train.learning import learning

    going = learning_glove(text, spec) if isinstance(spec, GloveSpec) else learning(text, spec)
    due = 0.0
    said: bool | None = None
    while True:
        try:
            line = watch.line(going.send(said))
        except StopIteration as end:
            return end.value
        said = not watch.stopped
        if time.monotonic() >= due or line.get("share") == 1 or watch.stopped:
            due = time.monotonic() + EVERY_SECONDS
            yield json.dumps(without_nan(line))
