"""Texts with labels that a person has brought, read within limits: all of them are in memory while they are learnt."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence

from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping.encodings import offered
from engine.words.corpus.source import FileSource, NotDecoded
from engine.words.texts.bringing import brought
from engine.words.texts.own import Text
from engine.words.train.labelled import Labelled, lines, rows
from engine.words.train.labelled_spec import LabelledSpec

MOST_TEXTS = 100_000
MOST_LETTERS = 5_000_000
MOST_LABELS = 500
TELL_TEXTS = 500
"""After so many it is told how far one is."""


def reading(spec: LabelledSpec) -> Generator[Progress, None, list[Labelled]]:
    """Yield how far the reading of the texts is, as a share of it, and return them; see ``labelled_spec.settled``.

    Raises DataError where they are not here, cannot be read, are too many, or have no labels that can be learnt.
    """
    one = brought(spec.own)
    source = FileSource(one.path, one.name, encoding=spec.encoding, exactly=one.exactly)
    found: list[Labelled] = []
    letters = 0
    try:
        for label, text in _opened(source, spec, one):
            found.append((label, text))
            letters += len(text)
            if len(found) > MOST_TEXTS or letters > MOST_LETTERS:
                raise DataError(
                    f"{one.name} is too long for its labels to be learnt here: expected at most {MOST_TEXTS:,} texts "
                    f"and {MOST_LETTERS:,} letters."
                )
            if len(found) % TELL_TEXTS == 0:
                yield Progress(source.share(1.0), f"{len(found):,} texts read")
    except NotDecoded as error:
        raise DataError(f"{error} {offered(error.around, spec.encoding)}".strip()) from None
    _check([label for label, _ in found], one.name)
    return found


def _opened(source: FileSource, spec: LabelledSpec, one: Text) -> Iterator[Labelled]:
    return rows(source, spec.column, spec.label) if one.table else lines(source)


def _check(labels: Sequence[str], name: str) -> None:
    counts = Counter(labels)
    if not counts:
        raise DataError(f"{name} has no text with a label: expected some of at least two labels.")
    if len(counts) == 1:
        raise DataError(
            f"All texts of {name} have the same label, {labels[0][:40]!r}: expected at least two labels to be told "
            "apart."
        )
    if max(counts.values()) == 1:
        raise DataError(f"No two texts of {name} have the same label: expected labels that several texts share.")
    if len(counts) > MOST_LABELS:
        raise DataError(f"{name} has {len(counts):,} different labels: expected at most {MOST_LABELS:,}.")
