"""Analogies to begin with: such as a space can answer, made of what is known to hold between its words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from engine.words import world
from engine.words.formula import Formula
from engine.words.space import Space

WELL_KNOWN: Mapping[str, Sequence[tuple[str, str]]] = {
    "man and woman": (("man", "woman"), ("king", "queen"), ("father", "mother"), ("his", "her"), ("boy", "girl")),
    "capital and country": (("paris", "france"), ("rome", "italy"), ("london", "england"), ("tokyo", "japan")),
    "country and language": (("france", "french"), ("germany", "german"), ("china", "chinese"), ("india", "indian")),
    "one and many": (("year", "years"), ("day", "days"), ("company", "companies"), ("country", "countries")),
    "verb and past": (("say", "said"), ("take", "took"), ("see", "saw"), ("make", "made"), ("get", "got")),
    "quality and more": (("good", "better"), ("high", "higher"), ("large", "larger"), ("old", "older")),
}
FIRST = "man and woman"
TRIED = 12
"""So many questions of a relation are tried for one that comes out right, in a space of no more rows than this:"""
SMALL = 20_000
_found: dict[tuple[str, int], tuple["Example", ...]] = {}
_MOST_KEPT = 32


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its right answer, and the name of the relation that makes it right."""

    formula: Formula
    expected: str
    relation: str


def analogies(space: Space) -> tuple[Example, ...]:
    """Return analogies whose words the space knows, one of each relation; in a small space such as come out right by
    3CosAdd, where there are any. Worked out once for each space.
    """
    key = (space.provenance.sha256, len(space))
    if key not in _found:
        if len(_found) >= _MOST_KEPT:
            _found.clear()
        known = [list(islice(_known(space, name, pairs), TRIED)) for name, pairs in relations(space)]
        _found[key] = tuple(_first_right(space, some) for some in known if some)
    return _found[key]


def relations(space: Space) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Return relations with their pairs, that of men and women first, and in it of kings and queens: it is the one that
    all have heard of.
    """
    known = dict(world.relations() if is_world(space) else WELL_KNOWN)
    heard_of = list(WELL_KNOWN[FIRST])
    first = known.pop(FIRST, ())
    return [
        (FIRST, sorted(first, key=lambda pair: heard_of.index(pair) if pair in heard_of else len(heard_of))),
        *known.items(),
    ]


def is_world(space: Space) -> bool:
    """Tell whether a space knows the countries of the app's own world, which nobody else has heard of."""
    return any(country in space for country in world.groups()["countries"])


def _present(space: Space, words: Sequence[str]) -> set[str]:
    return {word for word in words if word in space}


def _known(space: Space, name: str, pairs: Sequence[tuple[str, str]]) -> Iterator[Example]:
    """Yield the questions of a relation whose four words the space has: a is to b as c is to what is expected."""
    there = [pair for pair in pairs if len(_present(space, pair)) == 2]
    for (a, b), (c, d) in combinations(there, 2):
        if len({a, b, c, d}) == 4:
            yield Example(Formula((c, b), (a,)), d, name)


def _first_right(space: Space, known: Sequence[Example]) -> Example:
    if len(space) <= SMALL:
        for one in known:
            answer = space.analogy(one.formula.positive, one.formula.negative, 1)
            if answer and answer[0][0] == one.expected:
                return one
    return known[0]
