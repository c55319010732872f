"""Texts as numbers: nothing lost, nothing added, whatever the source."""

import gzip
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.models.phrases import FrozenPhrases, original_scorer

from engine.errors import DataError
from engine.words import world
from engine.words.corpus import EncodedText, TextSpec, encoding, phrases
from engine.words.corpus.encoded import END, whole_sentences
from engine.words.corpus.encoding import encode
from engine.words.corpus.source import FileSource, MadeSource, TextSource, columns


def encoded(source: TextSource, folder: Path, **settings: Any) -> EncodedText:
    going = encode(source, TextSpec(**settings), folder)
    while True:
        try:
            next(going)
        except StopIteration as end:
            return end.value


def made(sentences: Iterable[str]) -> MadeSource:
    return MadeSource("a text", lambda: sentences)


@pytest.fixture(scope="module")
def tale() -> list[list[str]]:
    return list(world.sentences(count=3_000))


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 500)


def test_a_text_comes_back_as_it_was(tale: list[list[str]], tmp_path: Path):
    text = encoded(made(map(" ".join, tale)), tmp_path / "text")
    assert list(text.sentences()) == tale
    counts = Counter(word for sentence in tale for word in sentence)
    assert dict(zip(text.words, text.counts.tolist(), strict=True)) == counts
    assert (np.diff(text.counts) <= 0).all()
    assert (text.record.tokens, text.record.sentences, text.record.distinct) == (counts.total(), 3_000, len(counts))
    assert text.spec == TextSpec()
    assert text.words.find("king") == list(text.words).index("king")
    again = encoded(made(map(" ".join, tale)), tmp_path / "again")
    assert again.record.sha256 == text.record.sha256
    assert again.ids.tolist() == text.ids.tolist()


def test_rare_words_leave_as_if_they_had_never_been_there(tale: list[list[str]], tmp_path: Path):
    text = encoded(made(map(" ".join, tale)), tmp_path / "text")
    counts = Counter(word for sentence in tale for word in sentence)
    kept = text.kept(20)
    assert set(text.words[:kept]) == {word for word, count in counts.items() if count >= 20}
    assert text.kept(20, most=7) == 7
    assert text.kept(10**9) == 0
    expected = [[word for word in sentence if counts[word] >= 20] for sentence in tale]
    assert list(text.sentences(kept)) == [sentence for sentence in expected if sentence]
    chunks = list(text.chunks(kept, 100))
    assert all(some[-1] == END and (some != END).any() for some in chunks)
    assert sum(int((some != END).sum()) for some in chunks) == sum(map(len, expected))


def test_a_file_is_read_as_it_is_written(tmp_path: Path):
    text = "A first. And a\nsecond! Ünï 中\n\nA third"
    expected = [["a", "first"], ["and", "a", "second"], ["ünï", "中"], ["a", "third"]]
    ways = {
        "plain.txt": text.encode(),
        "marked.txt": text.encode("utf-8-sig"),
        "wide.txt": text.encode("utf-16"),
        "packed.txt.gz": gzip.compress(text.encode()),
        "windows.txt": text.replace("\n", "\r\n").encode(),
    }
    for name, data in ways.items():
        (tmp_path / name).write_bytes(data)
        assert list(encoded(FileSource(tmp_path / name), tmp_path / f"of {name}").sentences()) == expected, name


@pytest.mark.parametrize(("delimiter", "packed"), [(",", False), (";", True), ("\t", False)])
def test_one_column_of_a_table_is_a_text(tmp_path: Path, delimiter: str, packed: bool):
    rows = [
        ("id", "text", "n"),
        ("1", '"Good, ""very"" good.\nAgain; yes"', "2"),
        ("2", "Bad", "3"),
        ("3",),
        ("4", "", ""),
    ]
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    path = tmp_path / "table.csv"
    path.write_bytes(gzip.compress(data) if packed else data)
    assert columns(path) == ("id", "text", "n")
    text = encoded(FileSource(path, column="text"), tmp_path / "text")
    assert list(text.sentences()) == [["good", "very", "good"], ["again", "yes"], ["bad"]]
    with pytest.raises(DataError, match="no column 'words': expected one of 'id', 'text', 'n'"):
        encoded(FileSource(path, column="words"), tmp_path / "other")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no token"),
        (b" .,;! \n", "holds no token"),
        ("été".encode("latin-1"), "no text in UTF-8: byte 1"),
        (b"ab\xc3", "ends within a character"),
        (b"ab\0cd", "bytes that are zero"),
        (gzip.compress(b"a word", mtime=0)[:-9], "cut short"),
    ],
)
def test_what_is_no_text_is_told_in_a_sentence(tmp_path: Path, data: bytes, said: str):
    (tmp_path / "bad.txt").write_bytes(data)
    with pytest.raises(DataError, match=said) as error:
        encoded(FileSource(tmp_path / "bad.txt"), tmp_path / "text")
    assert str(error.value).startswith("bad.txt ")
    assert {path.name for path in tmp_path.iterdir()} == {"bad.txt"}


def test_what_comes_after_too_many_different_words_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encoding, "MOST_DISTINCT", 3)
    text = encoded(made(["a b c d", "e a"]), tmp_path / "text")
    assert list(text.sentences()) == [["a", "b", "c", "d"], ["a"]]
    assert text.record.notes == ("1 tokens were left out: they came after 3 different words before them.",)


def test_a_text_is_cut_into_pieces_of_words(tale: list[list[str]], tmp_path: Path):
    text = encoded(made(map(" ".join, tale)), tmp_path / "text", rule="bpe", merges=150)
    pairs = text.pieces()
    assert pairs is not None
    assert len(pairs.merges) == 150
    assert list(text.sentences()) == [[piece for word in sentence for piece in pairs.cut(word)] for sentence in tale]
    assert text.record.distinct == len(set(text.words)) == np.count_nonzero(text.counts)


def test_phrases_are_joined_as_gensim_does(tmp_path: Path):
    rng = np.random.default_rng(3)
    words = np.array(["new", "york", "city", "hall", "a", "b", "c", "d", "e", "f"])
    sentences = [words[rng.integers(0, len(words), rng.integers(1, 12))].tolist() for _ in range(400)]
    for sentence in sentences[::2]:
        sentence[len(sentence) // 2 : len(sentence) // 2] = ["new", "york", "city"]
    lines = [" ".join(sentence) for sentence in sentences]
    plain = encoded(made(lines), tmp_path / "plain")
    text = encoded(made(lines), tmp_path / "text", phrases=1.8)
    found = phrases.find(whole_sentences(plain.ids, 300), plain.counts, 1.8)
    assert 1 < len(found.keys) < 20
    counts = Counter(pair for sentence in sentences for pair in pairwise(sentence))
    grams = {}
    for (first, second), count, score in zip(found.pairs().tolist(), found.counts, found.scores, strict=True):
        a, b = plain.words[first], plain.words[second]
        assert count == counts[a, b]
        each = (int(plain.counts[first]), int(plain.counts[second]), int(count))
        assert score == pytest.approx(original_scorer(*each, plain.record.tokens, phrases.LEAST, 0))
        grams[f"{a}_{b}"] = score
    theirs = FrozenPhrases.__new__(FrozenPhrases)
    theirs.__dict__.update(phrasegrams=grams, threshold=0.0, delimiter="_", connector_words=frozenset(), min_count=1)
    theirs.scoring = lambda **_: 1.0
    assert list(text.sentences()) == [theirs[sentence] for sentence in sentences]
    assert "new_york" in text.words


def test_of_two_who_cut_a_text_the_first_to_end_keeps_what_lies_beside_it(tale: list[list[str]], tmp_path: Path):
    """Counts are kept there, and were taken away by the second while they were written."""
    source, folder = made(map(" ".join, tale)), tmp_path / "text"
    second = encode(MadeSource("a text", lambda: map(" ".join, tale)), TextSpec(), folder)
    next(second)
    encoded(source, folder)
    (folder / ".counts").mkdir()
    for _ in second:
        pass
    assert (folder / ".counts").is_dir()
    assert [entry.name for entry in tmp_path.iterdir()] == ["text"]
    (folder / "record.json").write_text("{}")
    again = encoded(MadeSource("a text", lambda: map(" ".join, tale)), folder)
    assert list(again.sentences()) == tale


def test_a_damaged_text_is_not_opened(tale: list[list[str]], tmp_path: Path):
    folder = encoded(made(map(" ".join, tale)), tmp_path / "text").folder
    (folder / "ids").write_bytes((folder / "ids").read_bytes()[:-4])
    with pytest.raises(DataError, match="cannot be opened"):
        EncodedText.open(folder)
