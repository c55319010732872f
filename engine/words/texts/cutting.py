"""The text that is learnt from, as numbers: cut once for all who learn it, by a job that tells how far it is."""

import os
from collections.abc import Generator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.keeping import drafts
from engine.keeping.encodings import offered
from engine.words import retention
from engine.words.corpora import corpus
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.cutting import folder_of, kept_as
from engine.words.corpus.encoded import RECORD
from engine.words.corpus.source import FileSource, NotDecoded, TextSource
from engine.words.opening import cache_folder
from engine.words.texts import own
from engine.words.texts.bringing import brought
from engine.words.texts.own import Text
from engine.words.texts.spec import OWN, SourceSpec, looked_at


class Place(NamedTuple):
    """All that tells one text in numbers from another (``said``), and where these lie (``cache``)."""

    said: list[object]
    cache: Path


def encoding(source: SourceSpec, text: TextSpec) -> Generator[Progress, None, EncodedText]:
    """Yield how far the cutting of a text is, and return it as numbers; those that are kept are taken.

    Raises DataError, a sentence, where it cannot be read, or is not here.
    """
    place = _place(source, text)
    try:
        encoded = yield from kept_as(place.said, _opened(source), text, place.cache)
    except NotDecoded as error:
        raise DataError(f"{error} {offered(error.around, source.encoding)}".strip()) from None
    with suppress(OSError):
        os.utime(encoded.folder / RECORD)  # it is used now: others go first where there are too many
    return encoded


def kept(source: SourceSpec, text: TextSpec) -> EncodedText | None:
    """Return a text as numbers; None until it is cut. Raises DataError where the text is not here."""
    place = _place(source, text)
    try:
        return EncodedText.open(folder_of(place.said, place.cache))
    except DataError:
        return None


def order(source: SourceSpec, text: TextSpec) -> Order:
    """Return the order to cut a text: the same for all who learn from it. Raises DataError where it is not here."""
    chosen = SourceSpec(**{name: getattr(source, name) for name in SourceSpec.model_fields})
    said = _place(source, text).said
    return Order.of("engine.words.texts.cutting:cut", source=chosen.to_json(), text=text.to_json(), state=said)


def cut(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Cut a text, see ``order``; the result tells how many ``tokens`` it has."""
    source, text = asked(arguments)
    cache = _place(source, text).cache
    drafts.tidy(cache)
    encoded = yield from encoding(source, text)
    retention.evict([cache_folder()], but=encoded.folder)
    return {"tokens": encoded.record.tokens}


def asked(arguments: Mapping[str, Any]) -> tuple[SourceSpec, TextSpec]:
    """Return which text an order is to cut, and how."""
    return SourceSpec.from_json(arguments["source"]), TextSpec.from_json(arguments["text"])


def _place(source: SourceSpec, text: TextSpec) -> Place:
    if source.corpus != OWN:
        return Place([source.corpus, corpus(source.corpus).fingerprint(), text.to_json()], cache_folder())
    one = brought(source.own)
    said: list[object] = [one.id, _column(source, one), source.encoding, text.to_json()]
    if not one.exactly:
        return Place(said, one.path.parent / own.CUT)
    try:
        status = one.path.stat()
    except OSError:
        raise DataError(f"{one.name} is not on this server any more: choose another text.") from None
    return Place([*said, str(one.path), status.st_size, status.st_mtime_ns], cache_folder())


def _opened(source: SourceSpec) -> TextSource:
    if source.corpus != OWN:
        return corpus(source.corpus).source()
    one = brought(source.own)
    return FileSource(one.path, one.name, _column(source, one), source.encoding, exactly=one.exactly)


def _column(source: SourceSpec, one: Text) -> str:
    """Return the column of a table that is learnt from; nothing of another text. Raises DataError."""
    if not one.table:
        return ""
    return source.column or looked_at(source).wordiest
