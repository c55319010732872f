"""Huffman's tree, against gensim's code by code, against all trees of a few words, and against Shannon's bound."""

import math

import numpy as np
import pytest
from gensim.models import Word2Vec
from hypothesis import given
from hypothesis import strategies as st

from engine.words import world
from engine.words.corpus.tree import Tree, huffman

COUNTS = st.lists(st.integers(1, 40), min_size=2, max_size=30)


def code(tree: Tree, word: int) -> list[int]:
    return [turn.bit for turn in tree.path(word)]


def gensims(counts: list[int]) -> Word2Vec:
    """Return gensim's model of words 0, 1, ... that come so often."""
    model = Word2Vec(vector_size=2, min_count=1, hs=1, negative=0, sorted_vocab=0, workers=1)
    model.build_vocab_from_freq({str(word): count for word, count in enumerate(counts)})
    return model


@given(COUNTS)
def test_codes_are_those_of_gensim(counts: list[int]):
    counts = sorted(counts, reverse=True)
    tree, theirs = huffman(counts), gensims(counts).wv
    for word in range(len(counts)):
        assert code(tree, word) == theirs.get_vecattr(str(word), "code").tolist()
        assert [turn.node for turn in tree.path(word)] == theirs.get_vecattr(str(word), "point").tolist()
    assert tree.depths[: tree.words].tolist() == [len(theirs.get_vecattr(str(w), "code")) for w in range(len(counts))]


def test_codes_of_a_whole_text_are_as_long_as_gensims():
    model = Word2Vec(list(world.sentences(count=2_000)), vector_size=2, min_count=1, hs=1, negative=0, workers=1)
    counts = [model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key]
    tree = huffman(counts)
    assert len(counts) > 1_000
    assert tree.depths[: tree.words].tolist() == [len(model.wv.get_vecattr(w, "code")) for w in model.wv.index_to_key]


@given(COUNTS)
def test_no_word_is_the_beginning_of_another_and_the_mean_is_within_a_bit_of_the_entropy(counts: list[int]):
    tree = huffman(counts)
    lengths = tree.depths[: tree.words]
    assert sum(2.0**-length for length in lengths.tolist()) == 1.0  # Kraft: the tree is full
    codes = ["".join(map(str, code(tree, word))) for word in range(tree.words)]
    assert [len(one) for one in codes] == lengths.tolist()
    assert not any(a != b and codes[b].startswith(codes[a]) for a in range(len(codes)) for b in range(len(codes)))
    shares = np.array(counts) / sum(counts)
    assert tree.entropy() == pytest.approx(-sum(p * math.log2(p) for p in shares.tolist()))
    assert tree.mean_length() == pytest.approx(float(shares @ lengths))
    assert tree.entropy() - 1e-9 <= tree.mean_length() < tree.entropy() + 1


@given(st.lists(st.integers(1, 20), min_size=2, max_size=6))
def test_no_tree_is_shorter(counts: list[int]):
    def best(some: list[int]) -> int:
        """Return the least sum of count * depth, by joining any two first."""
        if len(some) == 1:
            return 0
        joined = (
            best([*(one for at, one in enumerate(some) if at not in (a, b)), some[a] + some[b]]) + some[a] + some[b]
            for a in range(len(some))
            for b in range(a)
        )
        return min(joined)

    assert huffman(counts).mean_length() * sum(counts) == pytest.approx(best(counts))


@given(COUNTS)
def test_shares_on_the_way_multiply_to_the_share_of_the_word(counts: list[int]):
    tree = huffman(counts)
    for word, count in enumerate(counts):
        assert math.prod(turn.share for turn in tree.path(word)) == pytest.approx(count / sum(counts))


@given(COUNTS)
def test_what_lies_below_adds_up(counts: list[int]):
    tree = huffman(counts)
    assert tree.below(tree.root).tolist() == list(range(tree.words))
    assert tree.counts[tree.root] == sum(counts)
    assert tree.parents[tree.root] == -1
    for node, (left, right) in enumerate(tree.children.tolist()):
        place = tree.words + node
        assert tree.below(place).tolist() == sorted([*tree.below(left).tolist(), *tree.below(right).tolist()])
        assert tree.counts[place] == sum(counts[word] for word in tree.below(place).tolist())
        assert tree.depths[left] == tree.depths[right] == tree.depths[place] + 1


def test_one_word_has_no_tree():
    with pytest.raises(ValueError, match="at least 2"):
        huffman([3])
