"""What a person types as a query: a word, or a formula of words; and what is near to a word that is not there."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from engine.words.formula import parse
from engine.words.space import Query, Space
from engine.words.spellings import Spellings

SEARCHED = 20_000
LONGEST = 60

_spellings: WeakKeyDictionary[Space, Spellings] = WeakKeyDictionary()


def query_of(space: Space, text: str) -> Query:
    """Return what a text asks of a space: a word that is there just so, else a formula; raises DataError."""
    text = text.strip()
    if text in space:
        return text
    mix = parse(text).mix
    if list(mix.values()) == [1.0]:
        return next(iter(mix))
    return mix


def near_misses(space: Space, word: str, most: int = 6) -> list[str]:
    """Return words of a space that may be meant by one that is not there: in other letters' case, then by spelling.

    The spelling is compared with the first ``SEARCHED`` words, which are the frequent ones as a rule.
    """
    found = dict.fromkeys(one for one in _cases(word) if one != word and one in space)
    if len(found) < most and len(word) <= LONGEST:
        known = _spellings.get(space)
        if known is None:
            known = _spellings[space] = Spellings(space.words[:SEARCHED])
        found |= dict.fromkeys(known.alike(word, most))
    return [one for one in found if one != word][:most]


def _cases(word: str) -> Iterator[str]:
    yield from (word.lower(), word.upper(), word.capitalize(), word.title(), word.casefold())
    yield from (word.replace(" ", "_"), word.replace("_", " "), word.replace(" ", "-"))
