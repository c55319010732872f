"""A text that somebody has brought, as characters to be learnt, and what any text has to have for that."""

import numpy as np

from engine.data.language.grammar import first_characters
from engine.errors import DataError
from engine.keeping.encodings import offered
from engine.language.vocabulary import Vocabulary
from engine.words.corpus.source import FileSource, NotDecoded
from engine.words.texts.bringing import brought
from engine.words.texts.spec import Brought, looked_at

LEAST = 200
"""Symbols that a text has to have."""
LEAST_DIFFERENT = 2


def own_characters(spec: Brought, column: str, most: int) -> tuple[str, str]:
    """Return the title of the text that ``spec`` names, and at ``most`` so many characters from its beginning; of a
    table those of a ``column``, or of its wordiest one. Raises DataError where it is not here, or cannot be read.
    """
    one = brought(spec.own)
    column = (column or looked_at(spec).wordiest) if one.table else ""
    try:
        source = FileSource(one.path, one.name, column, spec.encoding, exactly=one.exactly)
        text = first_characters(source.pieces(), most)
        return source.name, text.replace("\r\n", "\n").replace("\r", "\n")
    except NotDecoded as error:
        raise DataError(f"{error} {offered(error.around, spec.encoding)}".strip()) from None
    except OSError:
        raise DataError(f"{one.name} is not on this server any more: choose another text.") from None


def numbered(title: str, characters: str, vocabulary: Vocabulary) -> np.ndarray:
    """Return a text as the numbers (n,) int64 of its symbols; raises DataError where too little is to be learnt."""
    symbols, kind = vocabulary.encode(characters), vocabulary.kind
    if len(symbols) < LEAST:
        raise DataError(
            f"{title} is too short to be learnt: expected at least {LEAST} {kind}, received {len(symbols)}."
        )
    different = int((np.bincount(symbols)[1:] > 0).sum())
    if different < LEAST_DIFFERENT:
        raise DataError(
            f"{title} is always the same: expected at least {LEAST_DIFFERENT} different {kind}, received "
            f"{different}, so there is nothing to be told of what comes next."
        )
    return symbols
