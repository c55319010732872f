"""Byte-pair encoding, against the program of its authors."""

import io
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from subword_nmt.apply_bpe import BPE
from subword_nmt.learn_bpe import learn_bpe

from engine.words import world
from engine.words.corpus.bpe import END, learn

COUNTS = st.dictionaries(st.text("abcdeé", min_size=1, max_size=7), st.integers(1, 9), min_size=1, max_size=30).filter(
    lambda counts: any(len(word) > 1 for word in counts)  # theirs fails where there is no pair at all
)


def theirs(counts: dict[str, int], merges: int) -> list[tuple[str, str]]:
    """Return the merges of the authors' program."""
    told = io.StringIO()
    learn_bpe([f"{word} {count}\n" for word, count in counts.items()], told, merges, is_dict=True)
    return [(left, right) for left, right in map(str.split, told.getvalue().splitlines()[1:])]


@settings(deadline=None, max_examples=150)
@given(COUNTS)
def test_the_same_pairs_are_merged_in_the_same_order(counts: dict[str, int]):
    assert [merge.pair for merge in learn(counts, 25).merges] == theirs(counts, 25)


def test_a_real_text_is_cut_like_theirs():
    counts = Counter(word for sentence in world.sentences(count=4_000) for word in sentence)
    pairs = learn(counts, 400)
    expected = theirs(counts, 400)
    assert [merge.pair for merge in pairs.merges] == expected
    codes = io.StringIO("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in expected))
    cut = BPE(codes, separator="@@")
    for word in [*counts, "unheardof", "ß"]:
        assert [piece.removesuffix(END) for piece in pairs.cut(word)] == [
            piece.removesuffix("@@") for piece in cut.process_line(word).split()
        ]
        assert "".join(pairs.cut(word)) == word + END


def test_the_steps_are_those_of_the_paper():
    pairs = learn({"low": 5, "lower": 2, "newest": 6, "widest": 3}, 10)
    assert pairs.merges[0].count == 9  # e and s stand together in newest and widest
    steps = pairs.steps("lowest")
    assert steps[0] == ["l", "o", "w", "e", "s", "t</w>"]
    assert steps[-1] == ["lo", "west</w>"]  # w comes more often before e than at a word's end
    assert all(len(after) < len(before) for before, after in pairwise(steps))


@pytest.mark.parametrize("word", ["", "a", "x" * 5_000])
def test_odd_words_are_cut_too(word: str):
    pairs = learn({word: 3, "aa": 2}, 5)
    assert "".join(pairs.cut(word)) == word + END
