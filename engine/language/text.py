"""The text that a language model learns, in numbers: what is learnt, and what is held out."""

from dataclasses import dataclass

import numpy as np

from engine.data.language.styles import made_text
from engine.language.ngrams import Trigrams
from engine.language.own import numbered, own_characters
from engine.language.spec import LanguageSpec
from engine.language.vocabulary import MOST_SYMBOLS, Vocabulary, cut
from engine.words.texts.spec import OWN

HELD_OUT = 0.1


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
    symbols = numbered(title, characters, vocabulary)
    end = len(symbols) - int(HELD_OUT * len(symbols))
    learnt, held_out = symbols[:end], symbols[end:]
    length = float(np.mean([len(symbol) for symbol in cut(characters, spec.symbols)[end:]]))
    return Text(title, vocabulary, learnt, held_out, length, Trigrams(learnt, len(vocabulary)).bits(held_out))


def _characters(spec: LanguageSpec) -> tuple[str, str]:
    """Return the title of a text, and the text itself."""
    if spec.text == OWN:
        return own_characters(spec, spec.column, spec.characters)
    return "The text", made_text(spec.text, spec.characters, spec.text_seed)
