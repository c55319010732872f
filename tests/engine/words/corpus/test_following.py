"""Sentences on their way: what is followed one by one is what the whole text went through."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DataError
from engine.words import world
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.counts import keep_probability
from engine.words.corpus.encoding import encode
from engine.words.corpus.following import MOST_TOKENS, USUAL, examples, fates, follow, growth
from engine.words.corpus.source import MadeSource
from tests.engine.words.train.texts import drained

TEXT = [" ".join(sentence) for sentence in world.sentences(count=1_500)]
RULES: dict[str, dict[str, Any]] = {
    "words": {},
    "characters": {"rule": "characters"},
    "pieces": {"rule": "bpe", "merges": 300},
    "phrases": {"phrases": 20.0},
    "phrases of pieces": {"rule": "bpe", "merges": 50, "phrases": 30.0},
    "blanks": {"rule": "blanks", "ends": "lines", "lower": False},
}


@pytest.fixture(params=RULES)
def text(request: pytest.FixtureRequest, tmp_path: Path) -> EncodedText:
    source = MadeSource("a text", lambda: TEXT)
    drained(encode(source, TextSpec(**RULES[request.param]), tmp_path / "text"))
    return EncodedText.open(tmp_path / "text")


def test_a_sentence_takes_the_way_of_the_text(text: EncodedText):
    pairs, phrases = text.pieces(), text.phrases()
    cut = list(text.sentences())
    assert len(cut) == len(TEXT)
    joined = 0
    for written, expected in zip(TEXT, cut, strict=True):
        ((found,), whole) = follow(written, text.spec, pairs, phrases)
        assert list(found.joined) == expected[:MOST_TOKENS]
        assert whole == (len(expected) <= MOST_TOKENS)
        joined += len(found.pieces) - len(expected)
    assert (joined > 0) == bool(text.spec.phrases), "phrases are joined where they are to be, and there are some"
    assert len(phrases) == len({phrase.first + phrase.second for phrase in phrases})


def test_phrases_are_told_with_the_score_that_made_them(tmp_path: Path):
    spec = TextSpec(phrases=20.0)
    drained(encode(MadeSource("a text", lambda: TEXT), spec, tmp_path / "text"))
    text = EncodedText.open(tmp_path / "text")
    words = [sentence.split() for sentence in TEXT]
    tokens = sum(map(len, words))
    for phrase in text.phrases()[:20]:
        a, b = (sum(sentence.count(word) for sentence in words) for word in (phrase.first, phrase.second))
        pair = (phrase.first, phrase.second)
        together = sum(pair == found for sentence in words for found in pairwise(sentence))
        assert phrase.count == together
        assert phrase.score == pytest.approx((together - 5) * tokens / (a * b))
        assert phrase.score > spec.phrases


@pytest.mark.parametrize(("spec", "name"), [(RULES["pieces"], "merges.json"), (RULES["phrases"], "phrases.json")])
def test_a_text_that_is_not_whole_is_told(tmp_path: Path, spec: dict[str, Any], name: str):
    drained(encode(MadeSource("a text", lambda: TEXT), TextSpec(**spec), tmp_path / "text"))
    text = EncodedText.open(tmp_path / "text")
    (tmp_path / "text" / name).unlink()
    with pytest.raises(DataError, match="is not whole"):
        (text.pieces if name == "merges.json" else text.phrases)()


def test_pieces_grow_by_the_merges_in_their_order(tmp_path: Path):
    drained(encode(MadeSource("a text", lambda: TEXT), TextSpec(rule="bpe", merges=300), tmp_path / "text"))
    pairs = EncodedText.open(tmp_path / "text").pieces()
    assert pairs is not None
    for word in ("king", "children", "x", "zzz"):
        steps = growth(pairs, word)
        assert [step.number for step in steps] == sorted(step.number for step in steps)
        assert [list(step.pieces) for step in steps] == pairs.steps(word)[1:]
        for step in steps:
            assert pairs.merges[step.number - 1] == step.merge
            assert "".join(step.merge.pair) in step.pieces
    assert growth(pairs, "king")


def test_what_becomes_of_tokens(tmp_path: Path):
    drained(encode(MadeSource("a text", lambda: TEXT), TextSpec(), tmp_path / "text"))
    text = EncodedText.open(tmp_path / "text")
    kept = text.kept(20)
    often, rare = text.words[0], text.words[kept]
    found = fates([often, rare, "nosuchword"], text, kept, 1e-3)
    assert [token.fate for token in found] == ["learnt", "rare", "unknown"]
    assert found[0].keep == pytest.approx(keep_probability(text.counts[:kept], 1e-3)[0])
    assert 0 < found[0].keep < 1
    assert (found[1].row, found[1].count) == (kept, text.counts[kept])
    assert found[1].count < 20
    assert found[2].row is None
    assert [token.keep for token in fates([often], text, kept, 0)] == [1.0]


def test_examples_are_sentences_of_the_text(text: EncodedText):
    found = examples(text, 3, text.phrases())
    assert len(found) == len(set(found)) == 3
    assert examples(text, 3, text.phrases()) == found != examples(text, 4, text.phrases())
    assert "_" not in "".join(found)
    cut = {tuple(sentence) for sentence in text.sentences()}
    tokens = [tuple(follow(one, text.spec, text.pieces(), text.phrases())[0][0].joined) for one in found]
    if text.spec.rule != "characters":
        assert set(tokens) <= cut
        assert all(len(one) in USUAL for one in tokens)


def test_much_text_is_cut_short():
    found, whole = follow("one two three. " * 20, TextSpec(), None)
    assert not whole
    assert sum(len(one.joined) for one in found) == 39
    found, whole = follow("word " * 100, TextSpec(), None)
    assert (len(found), len(found[0].joined), whole) == (1, MOST_TOKENS, False)
    assert follow(" .!? ", TextSpec(), None) == ([], True)
