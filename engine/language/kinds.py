"""Which symbols a map shows, and of which kind each is: characters by a rule that one can read, words by the lists that
the text was made from.
"""

import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np

from engine.data.language.styles import STYLES
from engine.language.spec import LanguageSpec
from engine.language.vocabulary import UNKNOWN, Vocabulary
from engine.words.texts.spec import OWN

OF_CHARACTERS = ("vowels", "other letters", "capitals", "marks and digits")
OTHERS = "other words"
FIRST_LIST, OTHER = len(OF_CHARACTERS), len(OF_CHARACTERS) + 4
"""The numbers of the kinds of words, four at most, and of words of none: no kind of characters has the same number, so
that the map of one text is never read by the key of another beside it.
"""
MOST = 40
OF_A_KIND, OF_OTHERS = 10, 8
"""Words of each kind on the map, and of no kind: all together no more than can be read."""


def kind_titles(spec: LanguageSpec) -> Mapping[int, str]:
    """Return what the kinds of symbols are called, by their numbers; none where nothing is known of a text's words."""
    if spec.symbols == "characters":
        return dict(enumerate(OF_CHARACTERS))
    lists = _lists(spec)
    return {**dict(enumerate(lists, FIRST_LIST)), OTHER: OTHERS} if lists else {}


def kind_of(character: str) -> int:
    """Return the kind of a character, as its place among ``OF_CHARACTERS``."""
    if not character.isalpha():
        return 3
    if character.isupper():
        return 2
    return 0 if unicodedata.normalize("NFD", character)[0] in "aeiou" else 1


def on_map(spec: LanguageSpec, vocabulary: Vocabulary, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers (n,) of the symbols that are drawn, and the kind of each, (n,), both int64.

    ``counts`` (V,) says how often each symbol comes in what is learnt: of characters the most frequent are drawn. Of
    words it is those of each kind, in the order of their list, and the most frequent of the others; a word stands there
    with the blank before it, if it ever has one. Where no kinds are known all are of none.
    """
    order = np.argsort(-counts, kind="stable")
    frequent = [int(symbol) for symbol in order[: int((counts > 0).sum())]]
    if spec.symbols == "characters":
        drawn = frequent[:MOST]
        return np.array(drawn, np.int64), np.array([kind_of(vocabulary.symbols[one]) for one in drawn], np.int64)
    # Marks and line ends are the most frequent symbols of all, and no words.
    words = [one for one in frequent if vocabulary.symbols[one] != UNKNOWN and _is_word(vocabulary.symbols[one])]
    lists = _lists(spec)
    if not lists or not words:
        drawn = words[:MOST] or frequent[:MOST]
        return np.array(drawn, np.int64), np.full(len(drawn), OTHER)
    known = {vocabulary.symbols[one]: one for one in words}
    found = [
        (one, kind) for kind, names in enumerate(lists.values(), FIRST_LIST) for one in _known(names, known)[:OF_A_KIND]
    ]
    listed = {name for names in lists.values() for name in names}
    others: dict[str, int] = {}
    for one in words:
        word = vocabulary.symbols[one].strip()
        if word not in listed:
            others.setdefault(word.lower(), one)
    found += [(one, OTHER) for one in list(others.values())[:OF_OTHERS]]
    numbers, kinds = zip(*found, strict=True)
    return np.array(numbers, np.int64), np.array(kinds, np.int64)


def _lists(spec: LanguageSpec) -> Mapping[str, Sequence[str]]:
    """Return the lists of words that the rules of a text know, by what they are called."""
    return {} if spec.text == OWN else STYLES[spec.text].kinds


def _known(names: Sequence[str], known: dict[str, int]) -> list[int]:
    """Return the numbers of those of some words that are known."""
    return [known[one] for name in names for one in (f" {name}", name) if one in known and not _is_twice(one, known)]


def _is_twice(word: str, known: dict[str, int]) -> bool:
    """Tell whether a word without a blank is also known with one: then it is drawn once."""
    return not word.startswith(" ") and f" {word}" in known


def _is_word(symbol: str) -> bool:
    return any(letter.isalpha() for letter in symbol)
