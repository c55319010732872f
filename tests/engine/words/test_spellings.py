"""Words spelt nearly alike: the same as difflib finds among all of them, and hardly any compared for it."""

import difflib
import random

from engine.words import spellings
from engine.words.spellings import ALIKE, OFF, Spellings

LETTERS = "abcdeABCDEéßИ字\U0001d49c"


def made(count: int, seed: int) -> list[str]:
    """Return different words of few letters, so that many are nearly alike."""
    draw = random.Random(seed)
    return list(dict.fromkeys("".join(draw.choices(LETTERS, k=draw.randint(1, 7))) for _ in range(count)))


def by_difflib(words: list[str], word: str, most: int) -> list[str]:
    folded: dict[str, str] = {}
    for one in words:
        folded.setdefault(one.casefold(), one)
    near = [low for low, one in folded.items() if abs(len(one) - len(word)) <= OFF]
    return [folded[low] for low in difflib.get_close_matches(word.casefold(), near, most, ALIKE)]


def test_the_same_are_found_as_by_comparing_all():
    words = made(3_000, 1)
    known = Spellings(words)
    found = [known.alike(word, 6) for word in made(200, 2)]
    assert found == [by_difflib(words, word, 6) for word in made(200, 2)]
    assert sum(map(bool, found)) > 100


def test_hardly_any_are_compared(monkeypatch):
    compared: list[int] = []
    wanted = difflib.get_close_matches

    def counted(word: str, possible: list[str], n: int, cutoff: float) -> list[str]:
        compared.append(len(possible))
        return wanted(word, possible, n, cutoff)

    monkeypatch.setattr(spellings.difflib, "get_close_matches", counted)
    draw = random.Random(3)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(5_000)]
    assert Spellings(words).alike(words[17][:-1] + "q", 6)
    assert compared[0] < len(words) / 20


def test_what_is_no_word_is_like_none():
    assert Spellings([]).alike("king", 6) == []
    assert Spellings(["king"]).alike("", 6) == []
    assert Spellings(["k" * 100_000, "king"]).alike("kimg", 6) == ["king"]
    assert Spellings(["king"]).alike("k" * 100_000, 6) == []
    assert Spellings(["king"]).alike("k\ud800ng", 6) == ["king"]
