"""The text that a language model learns, in numbers: what is learnt, and what is held out."""

from dataclasses import dataclass

import numpy as np

from engine.data.language.grammar import first_characters
from engine.data.language.styles import made_text
from engine.errors import DataError
from engine.keeping.encodings import offered
from engine.language.ngrams import Trigrams
from engine.language.spec import LanguageSpec
from engine.language.vocabulary import MOST_SYMBOLS, Vocabulary, cut
from engine.words.corpus.source import FileSource, NotDecoded
from engine.words.texts.bringing import brought
from engine.words.texts.spec import OWN, looked_at

HELD_OUT = 0.1
LEAST = 200
"""Symbols that a text has to have."""
LEAST_DIFFERENT = 2


@dataclass(frozen=True)
class Text:
    """A text as numbers of symbols, (n,) int64: the first nine tenths are learnt, the rest is ``held_out``.

    ``length`` is the mean number of characters of a symbol held out; ``trigram_bits`` are those that a model which
    counts threes in what is learnt needs for each symbol held out.
    """

    title: str
    vocabulary: Vocabulary
    learnt: np.ndarray
    held_out: np.ndarray
    length: float
    trigram_bits: float


def text_of(spec: LanguageSpec) -> Text:
    """Return the text of ``spec``; raises DataError where it is not here, cannot be read, or is too short."""
    title, characters = _characters(spec)
    most = spec.most_words + 1 if spec.symbols == "words" else MOST_SYMBOLS
    vocabulary = Vocabulary.of(characters, spec.symbols, most)
    symbols = vocabulary.encode(characters)
    if len(symbols) < LEAST:
        raise DataError(
            f"{title} is too short to be learnt: expected at least {LEAST} {spec.symbols}, received {len(symbols)}."
        )
    different = int((np.bincount(symbols)[1:] > 0).sum())
    if different < LEAST_DIFFERENT:
        raise DataError(
            f"{title} is always the same: expected at least {LEAST_DIFFERENT} different {spec.symbols}, received "
            f"{different}, so there is nothing to be told of what comes next."
        )
    end = len(symbols) - int(HELD_OUT * len(symbols))
    learnt, held_out = symbols[:end], symbols[end:]
    length = float(np.mean([len(symbol) for symbol in cut(characters, spec.symbols)[end:]]))
    return Text(title, vocabulary, learnt, held_out, length, Trigrams(learnt, len(vocabulary)).bits(held_out))


def _characters(spec: LanguageSpec) -> tuple[str, str]:
    """Return the title of a text, and the text itself."""
    if spec.text != OWN:
        return "The text", made_text(spec.text, spec.characters, spec.text_seed)
    one = brought(spec.own)
    column = (spec.column or looked_at(spec).wordiest) if one.table else ""
    try:
        source = FileSource(one.path, one.name, column, spec.encoding, exactly=one.exactly)
        text = first_characters(source.pieces(), spec.characters)
        return source.name, text.replace("\r\n", "\n").replace("\r", "\n")
    except NotDecoded as error:
        raise DataError(f"{error} {offered(error.around, spec.encoding)}".strip()) from None
    except OSError:
        raise DataError(f"{one.name} is not on this server any more: choose another text.") from None
