"""A text that a person types, spelt as a net can read it that knows no ü: with the letters that it has learnt from."""

import unicodedata

from engine.data.sequences.vocabulary import NAMES, Vocabulary, parts

SPELT = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
"""Letters that Unicode does not take apart into a plain one and its mark."""


def knows(known: Vocabulary, part: str) -> bool:
    """Tell whether a character or a word is among those that are learnt from."""
    return part in known.symbols[len(NAMES) :]


def spelt(known: Vocabulary, text: str) -> list[str]:
    """Return the parts of a text, ``ü`` as ``u`` and ``ß`` as ``ss`` where they are not known with their marks.

    What is not known in any way stays as it is.
    """
    letters, learnt = known.unit == "characters", frozenset(known.symbols[len(NAMES) :])
    return [found for part in parts(text, known.unit) for found in _spelt(part, learnt, letters)]


def plain(text: str) -> str:
    """Return small letters without their marks: ``müßig`` as ``mussig``."""
    apart = unicodedata.normalize("NFKD", "".join(SPELT.get(letter, letter) for letter in text))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _spelt(part: str, learnt: frozenset[str], letters: bool) -> list[str]:
    if part in learnt:
        return [part]
    bare = plain(part)
    found = list(bare) if letters else [bare]
    return found if learnt.issuperset(found) else [part]
