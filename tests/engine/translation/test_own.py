"""Pairs of one's own: what is read of files of lines, what is left out and told, what is refused in a sentence."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.data.translation.spec import TranslationDataSpec
from engine.errors import DataError
from engine.translation import own as own_module
from engine.translation.own import MOST_LINE, Own, own_pairs
from engine.translation.prepared import prepare
from engine.words.texts import own

PAIRS = [(f"source {at}", f"cible {at}") for at in range(30)]
GOOD = "".join(f"{source}\t{target}\n" for source, target in PAIRS)

Bring = Callable[..., Own]


@pytest.fixture
def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Return a function that brings one file or two, and reads their pairs."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))

    def kept(data: str | bytes, name: str) -> str:
        return own.keep(tmp_path, [data if isinstance(data, bytes) else data.encode()], name, "me")

    def read(data: str | bytes, second: str | bytes = "", name: str = "pairs.txt", **settings: object) -> Own:
        targets = kept(second, "targets.txt") if second else ""
        spec = TranslationDataSpec(pairs="own", own=kept(data, name), own_targets=targets)
        return own_pairs(spec.replace(**settings))

    return read


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("pairs.txt", "\r"),
        *((name, end) for name in ("pairs.txt", "pairs.tsv", "pairs.tsv.gz") for end in ("\n", "\r\n")),
    ],
)
def test_a_pair_stands_in_each_line(bring: Bring, name: str, end: str) -> None:
    data = GOOD.replace("\n", end).encode()
    found = bring(gzip.compress(data) if name.endswith(".gz") else data, name=name)
    assert list(found.pairs.items()) == PAIRS
    assert not found.left_out


def test_lines_of_two_files_belong_together(bring: Bring) -> None:
    sides = ["\n".join(pair[side] for pair in PAIRS) for side in (0, 1)]
    assert list(bring(*sides).pairs.items()) == PAIRS
    assert list(bring(*sides, swapped=True).pairs.items()) == [(target, source) for source, target in PAIRS]
    with pytest.raises(DataError, match=r"pairs.txt ends behind line 30, and targets.txt goes on"):
        bring(sides[0], f"{sides[1]}\nmore")
    with pytest.raises(DataError, match=r"expected in each line of one the source of what stands in"):
        bring("a\n\n", "\nb\n")
    with pytest.raises(DataError, match=r"targets.txt ends behind line 30, and pairs.txt goes on"):
        bring(f"{sides[0]}\nmore", sides[1])


@pytest.mark.parametrize("size", range(1, 9))
def test_lines_are_the_same_however_they_come(size: int) -> None:
    text = "a\tb\r\nc\td\r\n\r\ne\rf\n" + "x" * (MOST_LINE + 1) + "\nlast"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(own_module._lines(pieces)) == ["a\tb", "c\td", "", "e", "f", None, "last"]


def test_what_is_no_pair_is_left_out_and_told(bring: Bring) -> None:
    long = " ".join(["word"] * 10_000)
    bad = ["no tab here", "\tempty", "empty\t  ", f"{long}\tx"]
    found = bring("\n".join([*bad, GOOD.strip(), "source 3\tanother", "a\tb\tignored", "", "no"]))
    assert list(found.pairs.items()) == [*PAIRS, ("a", "b")]
    assert found.left_out == (
        "Left out: line 1 has no tab (1 more as well); line 2 has an empty side (1 more as well); line 4 is longer "
        "than 20,000 characters; line 35 has a source that came before."
    )
    found = bring(f"{'word ' * 50}\tx\n{GOOD}")
    assert found.left_out == "Left out: line 1 has more than 40 words on a side."
    assert list(found.pairs.items()) == PAIRS


def test_a_line_without_end_is_never_held_whole(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    lines = own_module._lines

    def watched(pieces):
        for line in lines(pieces):
            held.append(len(line or ""))
            yield line

    monkeypatch.setattr(own_module, "_lines", watched)
    found = bring("x" * 5_000_000 + "\n" + GOOD)
    assert max(held) <= MOST_LINE
    assert len(found.pairs) == 30


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            "just a text\nof two lines",
            r"pairs.txt holds no pairs: expected in each line a source, a tab and its target, or the targets in a",
        ),
        ("\tx\ny\t", r"holds no pairs: .* Left out: line 1 has an empty side \(1 more as well\)"),
        ("Zoë\tx\n".encode("cp1252"), "is no text in UTF-8: byte 3 is none of it"),
    ],
)
def test_what_holds_no_pairs_is_refused(bring: Bring, data: str | bytes, says: str) -> None:
    with pytest.raises(DataError, match=says):
        bring(data)


def test_only_as_many_as_are_asked_for_are_read(bring: Bring) -> None:
    many = "".join(f"s{at}\tt{at}\n" for at in range(1_000)) + "never read"
    found = bring(many, samples=100)
    assert list(found.pairs) == [f"s{at}" for at in range(100)]
    assert found.left_out == "Left out: all behind line 100, as there are 100 pairs by then."
    just = "".join(f"s{at}\tt{at}\n" for at in range(100)) + "\n"
    assert not bring(just, samples=100).left_out


def test_pairs_of_ones_own_are_split_and_without_any_that_is_told(bring: Bring, tmp_path: Path) -> None:
    asked = own.keep(tmp_path, [b"no tab\n", GOOD.encode()], "pairs.txt", "me")
    found = prepare(TranslationDataSpec(pairs="own", own=asked))
    assert sorted([*found.learnt, *found.held_out]) == sorted(PAIRS)
    assert found.left_out == "Left out: line 1 has no tab."
    with pytest.raises(DataError, match="No text of yours is chosen yet"):
        prepare(TranslationDataSpec(pairs="own"))
