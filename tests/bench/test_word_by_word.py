"""The dictionary that nets are measured against: what a textbook's pairs teach, and what plain loops count."""

import random
from collections import defaultdict

import pytest

from engine.translation.vocabulary import cut
from tests.bench.word_by_word import NOBODY, dictionary, translated


def test_what_comes_together_in_several_pairs_belongs_together() -> None:
    known = dictionary([("the house", "das Haus"), ("the book", "das Buch"), ("a book", "ein Buch")])
    assert {e: known[e] for e in (" the", " house", " a", " book")} == {
        **{" the": " das", " house": " Haus"},
        **{" a": " ein", " book": " Buch"},
    }
    assert translated("the new book", known) == [" das", " new", " Buch"]


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_it_is_what_plain_loops_count(rounds: int) -> None:
    chance = random.Random(3)
    sides = [[f"{side}{chr(97 + at)}" for at in range(12)] for side in "xy"]
    pairs = [tuple(" ".join(chance.choices(words, k=chance.randint(1, 6))) for words in sides) for _ in range(60)]
    cells = [((NOBODY, *cut(source, "words")), cut(target, "words")) for source, target in pairs]
    likely: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for _ in range(rounds):
        count: dict[tuple[str, str], float] = defaultdict(float)
        of_e: dict[str, float] = defaultdict(float)
        for es, fs in cells:
            for f in fs:
                whole = sum(likely[f, e] for e in es)
                for e in es:
                    count[f, e] += likely[f, e] / whole
                    of_e[e] += likely[f, e] / whole
        likely = defaultdict(float, {(f, e): number / of_e[e] for (f, e), number in count.items()})
    found = dictionary(pairs, rounds)
    assert found.keys() == {e for es, _ in cells for e in es}
    for e, f in found.items():
        assert likely[f, e] == pytest.approx(max(number for (_, other), number in likely.items() if other == e))
