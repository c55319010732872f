"""Vocabularies, the text in numbers, and the model that counts: by hand, and against the formula written plainly."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.language.ngrams import DISCOUNT, Trigrams
from engine.language.spec import LanguageSpec
from engine.language.text import text_of
from engine.language.vocabulary import UNKNOWN, Vocabulary, cut, shown
from engine.words.texts import own


def test_words_are_cut_with_the_blank_before_them_and_join_to_the_same_text() -> None:
    text = 'He said, "the mill\'s  old."\n\tYes_no'
    assert cut(text, "words") == [
        *("He", " said", ",", ' "', "the", " mill's", " ", " old", ".", '"', "\n", "\t", "Yes", "_", "no")
    ]
    for one in (text, "a  b", " ", "x\r\n", "naïve – “so”", "_", "日本 語"):
        assert "".join(cut(one, "words")) == one
        assert "".join(cut(one, "characters")) == one


def test_a_vocabulary_has_the_frequent_symbols_and_one_for_all_others() -> None:
    vocabulary = Vocabulary.of("b a b a c d d b", "words", most=4)
    assert vocabulary.symbols == (UNKNOWN, " a", " b", " d")
    assert vocabulary.encode("b a x d").tolist() == [0, 1, 0, 3]
    assert vocabulary.decode([1, 0, 3]) == f" a{UNKNOWN} d"
    letters = Vocabulary.of("hello", "characters")
    assert letters.symbols == (UNKNOWN, "e", "h", "l", "o")
    assert letters.decode(letters.encode("hole")) == "hole"
    assert [shown(one) for one in ("\n", " a", "\t", UNKNOWN, "\u200b")] == ["⏎", "␣a", "⇥", "⟨unknown⟩", "U+200B"]


def test_trigrams_counted_by_hand() -> None:
    """Of a b a b a c: what follows a b, what follows a, and what is left for each."""
    a, b, c = 0, 1, 2
    model = Trigrams(np.array([a, b, a, b, a, c]), 4)
    # Different ends of twos: ab, ba, ac. Behind how many others each comes: a 1, b 1, c 1; the fourth symbol none.
    one = (1 - DISCOUNT) / 3 + DISCOUNT * 3 / 3 / 4
    none = DISCOUNT / 4
    # Behind b comes a alone, in threes that begin with a alone: aba. Behind a: bab, bac; b and c once each.
    behind_b = (1 - DISCOUNT) / 1 + DISCOUNT * 1 / 1 * one
    behind_a = (1 - DISCOUNT) / 2 + DISCOUNT * 2 / 2 * one
    # aba was seen twice, and nothing else behind ab.
    three = (2 - DISCOUNT) / 2 + DISCOUNT / 2 * behind_b
    found = model.probability(np.array([a, a, b, c, c]), np.array([b, b, a, c, a]), np.array([a, 3, b, a, b]))
    ba_b = (1 - DISCOUNT) / 2 + DISCOUNT * 2 / 2 * behind_a
    expected = [three, DISCOUNT / 2 * DISCOUNT * none, ba_b, one, behind_a]
    np.testing.assert_allclose(found, expected)


def plain(symbols: list[int], v: int, first: int, second: int, third: int) -> float:
    """Equation 27 of Chen and Goodman, with dictionaries."""
    threes = Counter(zip(symbols, symbols[1:], symbols[2:], strict=False))
    twos = Counter((b, c) for _, b, c in threes)
    ones = Counter(c for _, c in twos)

    def level(counts: Counter, key, of, lower: float) -> float:
        those = {k: n for k, n in counts.items() if of(k)}
        if not those:
            return lower
        total = sum(those.values())
        return max(counts[key] - DISCOUNT, 0) / total + DISCOUNT * len(those) / total * lower

    lowest = level(ones, third, lambda _: True, 1 / v)
    middle = level(twos, (second, third), lambda k: k[0] == second, lowest)
    return level(threes, (first, second, third), lambda k: k[:2] == (first, second), middle)


def test_trigrams_are_those_of_the_formula_and_add_up_to_one() -> None:
    symbols = np.random.default_rng(0).geometric(0.4, 300).clip(max=7) - 1
    model = Trigrams(symbols, 9)
    every = np.arange(9)
    for first, second in ((0, 0), (1, 3), (6, 6), (8, 0), (0, 8), (8, 8)):
        found = model.probability(np.full(9, first), np.full(9, second), every)
        assert found.sum() == pytest.approx(1)
        np.testing.assert_allclose(found, [plain(symbols.tolist(), 9, first, second, third) for third in range(9)])
    held = np.array([0, 1, 0, 2, 8, 0])
    threes = [plain(symbols.tolist(), 9, *held[at : at + 3].tolist()) for at in range(4)]
    assert model.bits(held) == pytest.approx(float(np.mean(-np.log2(threes))))


def test_a_text_in_numbers_is_the_text_with_its_last_tenth_held_out() -> None:
    for symbols in ("characters", "words"):
        spec = LanguageSpec(characters=20_000, symbols=symbols)
        text = text_of(spec)
        whole = text.vocabulary.decode([*text.learnt, *text.held_out])
        assert len(whole) == 20_000
        assert len(text.held_out) == pytest.approx(0.1 * (len(text.learnt) + len(text.held_out)), abs=1)
        assert text.length == pytest.approx(len(text.vocabulary.decode(text.held_out)) / len(text.held_out))
        assert text.trigram_bits == Trigrams(text.learnt, len(text.vocabulary)).bits(text.held_out)
    assert len(text_of(LanguageSpec(symbols="words", most_words=50)).vocabulary) == 51


def test_ones_own_text_is_read_with_its_line_ends_made_equal(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    name = own.keep(tmp_path, [b"A line.\r\nAnother one.\r" * 50], "mine.txt", "me")
    text = text_of(LanguageSpec(text="own", own=name))
    assert text.title == "mine.txt"
    assert text.vocabulary.decode(text.learnt).startswith("A line.\nAnother one.\nA line.")
    short = own.keep(tmp_path, [b"Too short."], "short.txt", "me")
    with pytest.raises(DataError, match=r"short.txt is too short.*at least 200 characters, received 10"):
        text_of(LanguageSpec(text="own", own=short))
    strange = own.keep(tmp_path, ["naïve ".encode("latin-1") * 100], "latin.txt", "me")
    with pytest.raises(DataError, match=r"latin.txt is no text in UTF-8.*reads “naïve"):
        text_of(LanguageSpec(text="own", own=strange))
    with pytest.raises(DataError, match="No text of yours is chosen yet"):
        text_of(LanguageSpec(text="own"))
