"""Counts are those of a plain double loop, exactly, whatever the memory, the pieces and what went to disk."""

import errno
import os
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import DataError
from engine.words import world
from engine.words.train import cooccurrence
from engine.words.train.cooccurrence import MERGED, READ
from engine.words.train.matrix import Cooccurrences
from tests.engine.words.train.texts import END, counted, numbered

WORDS = 12
Pairs = dict[tuple[int, int], Fraction]
sentences = st.lists(st.lists(st.integers(0, WORDS - 1), max_size=25), min_size=1, max_size=8)


def by_two_loops(texts: list[list[int]], window: int, symmetric: bool) -> Pairs:
    """Count as the paper says it, in fractions."""
    found: Pairs = defaultdict(Fraction)
    for text in texts:
        for here, word in enumerate(text):
            for there in range(max(0, here - window), here):
                found[text[there], word] += Fraction(1, here - there)
                if symmetric:
                    found[word, text[there]] += Fraction(1, here - there)
    return dict(found)


def as_ids(texts: list[list[int]]) -> np.ndarray:
    return np.array([word for text in texts for word in (*text, END)], np.int32)


def as_pairs(counts: Cooccurrences) -> dict[tuple[int, int], float]:
    return dict(
        zip(zip(counts.rows.tolist(), counts.columns.tolist(), strict=True), counts.values.tolist(), strict=True)
    )


def rounded(pairs: Pairs) -> dict[tuple[int, int], float]:
    return {pair: float(np.float32(float(value))) for pair, value in pairs.items()}


@pytest.fixture
def place(tmp_path: Path) -> Callable[[], Path]:
    """Return a function that makes a new folder each time it is called."""
    made = iter(range(10_000))

    def new() -> Path:
        folder = tmp_path / str(next(made))
        folder.mkdir()
        return folder

    return new


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=sentences, window=st.integers(1, 24), symmetric=st.booleans(), pieces=st.integers(1, 9), data=st.data())
def test_counts_are_those_of_two_loops(
    texts: list[list[int]], window: int, symmetric: bool, pieces: int, data: Any, place: Any
) -> None:
    expected = by_two_loops(texts, window, symmetric)
    cells = data.draw(st.sampled_from([0, 3, 20, 1_000]))
    with pytest.MonkeyPatch.context() as patch:
        few = cooccurrence.table_of  # a table of few cells, so that pairs are noted as well
        patch.setattr(cooccurrence, "table_of", lambda words, both, _: few(words, both, cells))
        if not expected:
            with pytest.raises(DataError, match="No two of the words"):
                counted(as_ids(texts), place(), WORDS, pieces, window=window, symmetric=symmetric)
            return
        counts = counted(as_ids(texts), place(), WORDS, pieces, window=window, symmetric=symmetric)
    assert as_pairs(counts) == rounded(expected)
    assert counts.words == WORDS
    for word in range(WORDS):
        assert np.all(np.diff(counts.neighbours(word)[0]) > 0)


@pytest.mark.parametrize("symmetric", [True, False])
def test_memory_pieces_and_the_disk_make_no_difference(
    symmetric: bool, place: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = numbered(world.sentences(count=4_000))
    whole = counted(text.ids, place(), window=10, symmetric=symmetric)
    spilled: list[int] = []
    add = cooccurrence.Runs.add
    monkeypatch.setattr(cooccurrence.Runs, "add", lambda self, run: (spilled.append(len(run.pairs)), add(self, run)))
    monkeypatch.setattr(cooccurrence, "LEAST_MEMORY", 1)
    for memory, pieces, least in ((1 << 18, 7, 1), (1 << 15, 1, 50), (1 << 12, 40, 500)):
        spilled.clear()
        folder = place()
        other = counted(text.ids, folder, pieces=pieces, window=10, symmetric=symmetric, memory=memory)
        assert len(spilled) >= least
        for name in ("offsets", "columns", "values"):
            assert np.array_equal(getattr(other, name), getattr(whole, name))
        assert sorted(file.name for file in folder.rglob("*")) == [
            "columns",
            "counts",
            "offsets",
            "record.json",
            "values",
        ]


def test_a_wide_window_rounds_less_than_can_be_seen(place: Callable[[], Path]) -> None:
    texts = [np.random.default_rng(1).integers(0, WORDS, 400).tolist()]
    counts = counted(as_ids(texts), place(), WORDS, window=50)
    expected = {pair: float(value) for pair, value in by_two_loops(texts, 50, True).items()}
    assert as_pairs(counts) == pytest.approx(expected, rel=1e-7)
    assert cooccurrence.weights(24)[0] % 24 == 0
    assert cooccurrence.weights(25)[0] == 1 << 32


def test_words_left_out_are_no_distance(place: Callable[[], Path]) -> None:
    text = [3, 9, 9, 1, 9, 0]
    kept = np.array([word for word in text if word != 9] + [END], np.int32)
    assert as_pairs(counted(kept, place(), window=2)) == rounded(by_two_loops([[3, 1, 0]], 2, True))


def test_what_is_looked_up_is_what_was_counted(place: Callable[[], Path]) -> None:
    counts = counted(numbered(world.sentences(count=1_000)).ids, place(), window=5)
    full = np.zeros((counts.words, counts.words), np.float32)
    full[counts.rows, counts.columns] = counts.values
    assert np.array_equal(counts.block(20), full[:20, :20])
    assert np.array_equal(counts.block(10**6), full)
    assert np.array_equal(full, full.T)
    near, values = counts.strongest(7, 5)
    assert np.array_equal(values, np.sort(full[7])[::-1][:5])
    assert np.array_equal(full[7, near], values)
    assert counts.rows.dtype == counts.columns.dtype == np.int32


@pytest.mark.parametrize("end", ["close", "error"])
def test_one_that_is_ended_leaves_nothing(end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cooccurrence, "LEAST_MEMORY", 1)
    text = numbered(world.sentences(count=500))
    bad = np.array([len(text.words)], np.int32)
    pieces = [text.ids, text.ids, text.ids, *([bad] if end == "error" else [])]
    work = cooccurrence.counting(pieces, len(text.words), tmp_path / "counts", memory=1 << 12)
    next(work)
    next(work)
    next(work)
    assert list(tmp_path.rglob("run-*"))
    if end == "close":
        work.close()
    else:
        with pytest.raises(DataError, match=r"holds a word \d+: expected 0 to"):
            list(work)
    assert list(tmp_path.rglob("*")) == []


def test_a_full_disk_is_told_and_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(DataError, match="server's disk: No space left on device"):
        counted(as_ids([[0, 1, 2]]), tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_what_is_damaged_is_not_opened(place: Callable[[], Path]) -> None:
    folder = place()
    counted(as_ids([[0, 1, 2]]), folder)
    (folder / "counts" / "values").write_bytes(b"1234")
    with pytest.raises(DataError, match="count the text again"):
        Cooccurrences.open(folder / "counts")


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    ids = as_ids([[0, 1, 2], [1, 2]])
    told = list(cooccurrence.counting(np.array_split(ids, 2), 3, tmp_path / "counts", total=len(ids)))
    assert [one.share for one in told] == pytest.approx([READ * 4 / 7, READ, READ])
    assert told[0].words == "4 tokens counted"


def test_it_tells_how_far_what_lay_on_the_disk_is_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cooccurrence, "PAIRS_AT_ONCE", 50_000)
    words = 20_000
    ids = np.random.default_rng(1).integers(0, words, 200_000).astype(np.int32)
    going = cooccurrence.counting(
        [ids], words, tmp_path / "counts", 5, total=len(ids), memory=cooccurrence.LEAST_MEMORY
    )
    shares = [one.share for one in going]
    assert None not in shares
    assert shares == sorted(shares)
    merging = [one for one in shares if READ < one <= MERGED]
    assert len(merging) > 3
    assert merging[-1] == pytest.approx(MERGED)
    laying = [one for one in shares if one > MERGED]
    pairs = {frozenset((a, b)) for d in range(1, 6) for a, b in zip(ids[:-d].tolist(), ids[d:].tolist(), strict=True)}
    steps = np.minimum(1, np.arange(1, len(laying) + 1) * 50_000 / len(pairs))
    # A few of the pairs are in the table: the others are laid, so many at a time.
    assert laying[:-1] == pytest.approx((MERGED + (1 - MERGED) * steps[:-1]).tolist(), rel=0.02)
    assert laying[-1] == 1
