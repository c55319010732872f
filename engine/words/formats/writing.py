"""Writes a space as a file that other programs open, and ours: row by row, as a draft that takes its place whole.

Read back, every vector is the same float32 to the last bit. What is written as text has nine figures to a number: so
many tell any float32 from its neighbours, also to a reader that goes by way of float64.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple, get_args

import numpy as np

from engine.errors import DataError
from engine.keeping.paths import expanded, shown
from engine.version import VERSION
from engine.words.formats.forms import Form
from engine.words.formats.others import other_kind
from engine.words.formats.rows import misfit, rows_at_once
from engine.words.formats.tensors import ALIGNED, Layout, header_of
from engine.words.formats.writing_fasttext import Learning, write_model
from engine.words.space import Space

FORMS: tuple[Form, ...] = get_args(Form)
BY_ENDING: dict[str, Form] = {".txt": "word2vec-text", ".vec": "fasttext-vec", ".safetensors": "safetensors"}
_MOST_OF_NAME = 50
"""Letters of it in that of the draft, which has more to it: no folder takes names of more than 255 bytes."""
_BLANKS = frozenset(" \t\n\v\f\r")
_BEYOND_BLANKS: tuple[Form, ...] = ("fasttext", "safetensors")
"""Forms that tell by other means where a word ends."""


class Written(NamedTuple):
    """A file that was written: its ``form`` and its size."""

    form: Form
    bytes: int


def write(
    space: Space, path: str | os.PathLike[str], form: Form | None = None, learning: Learning | None = None
) -> Written:
    """Write a space to a file, whole or not at all; what lay there before is replaced.

    ``word2vec``: binary. ``word2vec-text`` and ``fasttext-vec`` (.vec): text with a header. ``glove``: text without.
    ``fasttext``: a model with subwords, see ``engine.words.formats.writing_fasttext``; ``learning`` is how it was
    learnt. ``safetensors``: see ``engine.words.formats.tensors``. Without a ``form`` the file's ending tells it; .bin
    is a fastText model where there are subwords.

    Raises DataError, a sentence, where the form is not known, cannot hold the space, or the file cannot be written.
    """
    path = expanded(path)
    form = form or form_of(path.name, space.provenance.subwords is not None)
    check_place(path)
    check_words(space.words, form)
    draft = path.with_name(f".{path.name[:_MOST_OF_NAME]}.{secrets.token_hex(6)}")
    try:
        with draft.open("xb") as file:
            if form == "fasttext":
                write_model(file, space, learning or Learning())
            else:
                _WRITERS[form](file, space)
        draft.replace(path)
        return Written(form, path.stat().st_size)
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be written: {error.strerror or error}.") from None
    finally:
        draft.unlink(missing_ok=True)


def form_of(name: str, subwords: bool) -> Form:
    """Return the form that the ending of a file's name asks for; raises DataError where it asks for none."""
    ending = Path(name).suffix.lower()
    if ending == ".bin":
        return "fasttext" if subwords else "word2vec"
    if ending not in BY_ENDING:
        raise DataError(
            f"{name} does not tell by its ending in which form it is to be: expected .bin, {', '.join(BY_ENDING)}, or "
            f"one of the forms {', '.join(FORMS)}."
        )
    return BY_ENDING[ending]


def check_place(path: Path) -> None:
    """Raise DataError, one sentence, where something lies that no file may take the place of: a pipe, a device."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # of a folder it is told by whoever replaces it
            raise DataError(f"{shown(path)} cannot be written: what lies there is no plain file.")
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be written: {error.strerror}.") from None


def check_words(words: Iterable[str], form: Form) -> None:
    """Raise DataError, one sentence, for the first word that a form cannot hold."""
    for row, word in enumerate(words):
        why = misfit(word.encode(errors="surrogatepass"))
        if not why and form not in _BEYOND_BLANKS and not _BLANKS.isdisjoint(word):
            why = "it holds a blank or a line's end"
        if not why and form == "glove" and not row and (word.startswith("\ufeff") or other_kind(f"{word} ".encode())):
            why = "a file that begins with it would be taken for something else"
        if why:
            shown = repr(word if len(word) <= 60 else word[:57] + "…")
            raise DataError(f"The word {shown} of row {row + 1:,} cannot be written as {form}: {why}.")


def _rows(space: Space) -> Iterator[tuple[list[bytes], np.ndarray]]:
    """Yield some words and their vectors at a time; raises DataError where a number is none."""
    step = rows_at_once(space.dimensions)
    for start in range(0, len(space), step):
        words, vectors = space.words[start : start + step], space.vectors[start : start + step]
        finite = np.isfinite(vectors).all(axis=1)
        if not finite.all():
            row = start + int(np.argmin(finite)) + 1
            raise DataError(f"The vector of row {row:,} cannot be written: it has a number that is NaN or infinite.")
        yield [word.encode() for word in words], vectors


def _binary(file: BinaryIO, space: Space) -> None:
    file.write(_header(space))
    for words, vectors in _rows(space):
        data = vectors.astype("<f4", copy=False)
        file.write(b"".join(b"%b %b\n" % (word, row.tobytes()) for word, row in zip(words, data, strict=True)))


def _text(file: BinaryIO, space: Space) -> None:
    file.write(_header(space))
    _text_without_header(file, space)


def _text_without_header(file: BinaryIO, space: Space) -> None:
    row = b"%b" + b" %.9g" * space.dimensions + b"\n"
    for words, vectors in _rows(space):
        file.write(b"".join(row % (word, *vector) for word, vector in zip(words, vectors.tolist(), strict=True)))


def _header(space: Space) -> bytes:
    return f"{len(space)} {space.dimensions}\n".encode()


def _safetensors(file: BinaryIO, space: Space) -> None:
    step = rows_at_once(space.dimensions)
    starts = [*range(0, len(space), step), len(space)]
    lengths = np.concatenate(
        [[len(word.encode()) for word in space.words[start:stop]] for start, stop in pairwise(starts)]
    )
    ends = np.cumsum(lengths)
    padding = -int(ends[-1]) % ALIGNED
    layout = Layout(len(space), space.dimensions, int(ends[-1]) + padding, space.frequency is not None)
    file.write(header_of(layout, {"learnscope": VERSION, "source": space.provenance.source[:1_000]}))
    file.write(ends.astype("<i8").tobytes())
    if space.frequency is not None:
        file.write(space.frequency.astype("<i8", copy=False).tobytes())
    for start, stop in pairwise(starts):
        file.write(b"".join(word.encode() for word in space.words[start:stop]))
    file.write(bytes(padding))
    for _, vectors in _rows(space):
        file.write(vectors.astype("<f4", copy=False).tobytes())


_WRITERS: dict[Form, Callable[[BinaryIO, Space], None]] = {
    "word2vec": _binary,
    "word2vec-text": _text,
    "fasttext-vec": _text,
    "glove": _text_without_header,
    "safetensors": _safetensors,
}
