"""Whatever one has of a text becomes numbers: cut once, and kept beside the spaces that are learnt from it."""

import hashlib
import json
import os
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path

from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping.paths import file_of
from engine.words.corpus.encoded import EncodedText
from engine.words.corpus.source import FileSource, MadeSource, TextSource
from engine.words.corpus.spec import TextSpec

Corpus = EncodedText | str | os.PathLike[str] | Iterable[list[str]]
"""A text that is cut already, the path of a file that is to be, or sentences as lists of words."""


def encoded(corpus: Corpus, text: TextSpec | None, cache: Path) -> EncodedText:
    """Return a corpus as numbers, see ``encoding``; raises DataError."""
    return drained(encoding(corpus, text, cache))


def encoding(
    corpus: Corpus, text: TextSpec | None, cache: Path, column: str = ""
) -> Generator[Progress, None, EncodedText]:
    """Yield how far the cutting of a corpus is, and return it as numbers; a file is cut once, and the numbers are kept.

    ``column`` is that of a table (CSV) whose cells are the text. Raises DataError where there is no text.
    """
    if isinstance(corpus, EncodedText):
        return corpus
    from engine.words.corpus.encoding import encode

    if isinstance(corpus, str | os.PathLike):
        path = file_of(corpus, "a text")
        spec, source = text or TextSpec(), FileSource(path, column=column)
        status = path.stat()
        said = [str(path.resolve()), status.st_size, status.st_mtime_ns, spec.to_json(), *([column] if column else [])]
        return (yield from kept_as(said, source, spec, cache))
    spec = TextSpec(rule="blanks", lower=False, ends="lines")
    source = MadeSource("The sentences", lambda: map(" ".join, corpus))
    return (yield from encode(source, spec, cache / f"text-{os.urandom(12).hex()}"))


def kept_as(
    said: Sequence[object], source: TextSource, spec: TextSpec, cache: Path
) -> Generator[Progress, None, EncodedText]:
    """Return the numbers of a text that is told by all that was ``said`` of it; cut and kept where it was not yet."""
    from engine.words.corpus.encoding import encode

    folder = folder_of(said, cache)
    try:
        return EncodedText.open(folder)
    except DataError:
        return (yield from encode(source, spec, folder))


def folder_of(said: Sequence[object], cache: Path) -> Path:
    """Return where the numbers of a text are kept that is told by all that was ``said`` of it."""
    return cache / f"text-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]}"


def drained(going: Generator[Progress, None, EncodedText]) -> EncodedText:
    """Return what a cutting comes to."""
    while True:
        try:
            next(going)
        except StopIteration as end:
            return end.value
