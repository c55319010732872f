"""Good and bad files of vectors: what is kept, what is left out and why, and what is refused in a sentence."""

import gzip
import hashlib
import json
import struct
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.words import Space, load
from engine.words.formats import fasttext as models
from engine.words.formats import rows as row_by_row
from engine.words.formats import stream, text
from engine.words.formats.subwords import Subwords, fnv1a
from tests.engine.words.conftest import Open

GOOD = b"the 1 2 3\nof 4 5 6\nand 7 8 9\n"
VECTORS = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def binary(rows: dict[bytes, list[float]], end: bytes = b"\n", promised: int | None = None) -> bytes:
    """Return vectors as word2vec writes them."""
    (d,) = {len(vector) for vector in rows.values()}
    body = b"".join(word + b" " + struct.pack(f"<{d}f", *vector) + end for word, vector in rows.items())
    return f"{len(rows) if promised is None else promised} {d}\n".encode() + body


def told(space: Space) -> dict[str, tuple[int, int]]:
    return {dropped.why: (dropped.count, dropped.first) for dropped in space.provenance.dropped}


SAME = {
    "GloVe": GOOD,
    "with a header": b"3 3\n" + GOOD,
    "CR LF": b"3 3\r\n" + GOOD.replace(b"\n", b"\r\n"),
    "CR alone": b"3 3\r" + GOOD.replace(b"\n", b"\r"),
    "a blank at each end": GOOD.replace(b"\n", b" \n"),
    "tabs": GOOD.replace(b" ", b"\t"),
    "two blanks": GOOD.replace(b" ", b"  "),
    "no end of line at the end": GOOD.rstrip(),
    "empty lines": GOOD.replace(b"\n", b"\n\n"),
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "gz": gzip.compress(GOOD),
    "two gz in a row": gzip.compress(GOOD[:10]) + gzip.compress(GOOD[10:]),
    "gz with zeros behind": gzip.compress(GOOD) + bytes(512),
    "word2vec binary": binary(dict(zip((b"the", b"of", b"and"), VECTORS, strict=True))),
    "word2vec binary without LF": binary(dict(zip((b"the", b"of", b"and"), VECTORS, strict=True)), end=b""),
    "word2vec binary, gz": gzip.compress(binary(dict(zip((b"the", b"of", b"and"), VECTORS, strict=True)))),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_vectors_however_they_are_written(opened: Open, name: str) -> None:
    space = opened(SAME[name], "anything.gz")
    assert list(space.words) == ["the", "of", "and"]
    assert space.vectors.tolist() == VECTORS
    assert (told(space), space.provenance.notes) == ({}, ())


ODD = {
    "fewer rows than the header says": (
        b"9 3\n" + GOOD,
        3,
        {},
        "The header promises 9 rows, and there are 3.",
    ),
    "more rows than the header says": (b"1 3\n" + GOOD, 3, {}, "The header promises 1 rows, and there are 3."),
    "a header of a billion rows": (b"1000000000 3\n" + GOOD, 3, {}, "The header promises 1,000,000,000 rows"),
    "too few numbers": (GOOD + b"to 1 2\n", 3, {"there are fewer than 3 numbers": (1, 4)}, ""),
    "not a number": (GOOD + b"to 1 x 3\n", 3, {"there are fewer than 3 numbers, or one of them is none": (1, 4)}, ""),
    "a decimal comma": (GOOD + b"to 1 2,5 3\n", 3, {"a number is written with a decimal comma": (1, 4)}, ""),
    "NaN": (b"to nan 1 2\n" + GOOD, 3, {"a number is NaN or infinite": (1, 1)}, ""),
    "infinite": (GOOD + b"to inf 1 2\nby -Infinity 1 2\n", 3, {"a number is NaN or infinite": (2, 4)}, ""),
    "1e400": (GOOD + b"to 1e400 1 2\n", 3, {"a number is NaN or infinite": (1, 4)}, ""),
    "Python's own spellings": (
        GOOD + b"to 1_0 1 2\n",
        3,
        {"there are fewer than 3 numbers, or one of them is none": (1, 4)},
        "",
    ),
    "a word twice": (GOOD + b"the 9 9 9\nthe 8 8 8\n", 3, {"the word was there before": (2, 4)}, ""),
    "no word": (GOOD + b" 1 2 3\n", 3, {"the word is empty": (1, 4)}, ""),
    "a NUL byte": (GOOD + b"a\0b 1 2 3\n", 3, {"the word holds a NUL byte": (1, 4)}, ""),
    "a long word": (GOOD + b"x" * 5_000 + b" 1 2 3\n", 3, {"the word is longer than 1,000 bytes": (1, 4)}, ""),
    "Latin-1": (GOOD + "café 1 2 3\n".encode("latin-1"), 3, {"the word is not written in UTF-8": (1, 4)}, ""),
    "a lone surrogate": (GOOD + b"\xed\xa0\x80 1 2 3\n", 3, {"the word is not written in UTF-8": (1, 4)}, ""),
    "a row of zeros": (GOOD + b"to 0 0 0\n", 4, {}, ""),
    "large numbers": (GOOD + b"to 1e38 1e38 1e38\n", 4, {}, ""),
    "words with blanks": (GOOD + b". . . 1 2 3\nat name@domain.com 1 2 3\n", 5, {}, ""),
    "marks of other scripts": (GOOD + "a\u2028b 1 2 3\n\u202eabc 1 2 3\n".encode(), 5, {}, ""),
    "markup": (GOOD + b"<script>alert(1)</script> 1 2 3\n<img/onerror=x> 1 2 3\n", 5, {}, ""),
    "formulas": (GOOD + b"=1+1 1 2 3\n@x 1 2 3\n", 5, {}, ""),
    "binary, more rows": (binary({b"a": [1, 2], b"b": [3, 4]}, promised=1), 1, {}, "there are more"),
    "binary, fewer rows": (binary({b"a": [1, 2], b"b": [3, 4]}, promised=9), 2, {}, "9 rows, and there are 2"),
    "binary, NaN": (binary({b"a": [1, 2], b"b": [float("nan"), 4]}), 1, {"a number is NaN or infinite": (1, 2)}, ""),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_left_out_or_noted_and_the_rest_is_kept(opened: Open, name: str) -> None:
    contents, rows, dropped, note = ODD[name]
    space = opened(contents)
    assert len(space) == rows
    assert told(space) == dropped
    assert note in " ".join(space.provenance.notes)
    assert np.isfinite([score for _, score in space.neighbours(space.words[0], k=99)]).all()


def test_a_row_of_zeros_has_no_direction_and_is_no_answer(opened: Open) -> None:
    space = opened(GOOD + b"to 0 0 0\n")
    assert [word for word, _ in space.neighbours("the", k=9)] == ["and", "of"] or len(space.neighbours("the", k=9)) == 2
    with pytest.raises(DataError, match="no direction"):
        space.neighbours("to")


REFUSED = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \n\n \t\n", "is empty"),
    "a header alone": (b"3 3\n", "has a header and no rows|not one row"),
    "only bad rows": (b"3 3\nx nan 1 2\n", "not one row that can be used: a number is NaN"),
    "text": (b"It was a bright cold day in April.\nNot a vector in sight.\n", "no file of vectors"),
    "a negative header": (b"-3 3\n" + b"words\n", "line 1: a header is two whole numbers above zero"),
    "a huge header": (b"3 999999999\n" + GOOD, "expected 2 to 10,000"),
    "a pickle": (b"\x80\x04\x95\x10\x00\x00\x00", "is a pickle"),
    "an archive": (b"PK\x03\x04" + bytes(30), "is a zip archive"),
    "an array": (b"\x93NUMPY\x01\x00" + bytes(40), "is an array of NumPy"),
    "safetensors": (struct.pack("<Q", 20) + b'{"a":{}}' + bytes(20), "is a safetensors file"),
    "an index": (b"IxFI" + bytes(40), "is an index of FAISS"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(40), "is a picture .PNG"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "is text in UTF-16"),
    "gz in gz": (gzip.compress(gzip.compress(GOOD)), "is compressed .gzip"),
    "gz cut": (gzip.compress(GOOD)[:-9], "is cut short"),
    "gz with a bad sum": (gzip.compress(GOOD)[:-5] + b"xxxxx", "is damaged"),
    "gz and something else": (gzip.compress(GOOD) + b"more", "is damaged"),
    "gz of zeros": (gzip.compress(bytes(64 << 20)), "no file of vectors"),
    "gz of one row again and again": (gzip.compress(b"the 1 2 3\n" * (3 << 20)), "unpacks to more than"),
    "one line of 100 MB": (gzip.compress(GOOD + b"1" * (6 << 20)), "a row of 3 numbers has at most"),
    "binary cut": (binary({b"a": [1, 2], b"b": [3, 4]})[:-4], "is cut short"),
    "binary without an end of the word": (b"2 3\n" + b"\x01" * 5_000, "expected the end of the word of row 1"),
    "random bytes": (np.random.default_rng(0).bytes(5_000), "."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_file_of_vectors_is_refused_in_a_sentence(opened: Open, tmp_path: Path, name: str) -> None:
    contents, why = REFUSED[name]
    with pytest.raises(DataError, match=why) as refused:
        opened(contents, "given.bin")
    assert str(refused.value).startswith("given.bin")
    assert str(tmp_path) not in str(refused.value)
    assert not list((tmp_path / "kept").glob("*")), "something half written was left"


def test_no_file_unpacks_to_more_than_there_is_room_for(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MAX_BYTES", 1 << 20)
    many = b"".join(b"%d 1 2 3\n" % number for number in range(100_000))
    with pytest.raises(DataError, match=r"^many.txt unpacks to more than 1 MB from 2"):
        opened(gzip.compress(many), "many.txt")


def fasttext(**changed: int) -> bytes:
    """Return a model of three words, two numbers and four buckets, with some of its settings changed."""
    s = {"magic": 793712314, "version": 12, "dim": 2, "bucket": 4, "minn": 3, "maxn": 4, "size": 3, "nwords": 3}
    s |= {"nlabels": 0, "pruned": -1, "quantised": 0, "rows": 7, "columns": 2} | changed
    head = struct.pack("<2i", s["magic"], s["version"])
    arguments = struct.pack("<12id", s["dim"], 5, 5, 1, 5, 1, 2, 2, s["bucket"], s["minn"], s["maxn"], 100, 1e-4)
    dictionary = struct.pack("<3i2q", s["size"], s["nwords"], s["nlabels"], 30, s["pruned"])
    entries = b"".join(word + b"\0" + struct.pack("<qb", 10 - n, 0) for n, word in enumerate((b"one", b"two", b"six")))
    matrix = struct.pack("<2q", s["rows"], s["columns"]) + np.arange(14, dtype="<f4").tobytes()
    return head + arguments + dictionary + entries + bytes([s["quantised"]]) + matrix


def test_a_models_words_are_the_mean_of_their_row_and_their_subwords(opened: Open) -> None:
    space = opened(fasttext())
    matrix = np.arange(14, dtype=np.float32).reshape(7, 2)
    grams = ["<on", "<one", "one", "one>", "ne>"]
    rows = [0, *(3 + fnv1a(gram.encode()) % 4 for gram in grams)]
    assert space.vector("one") == pytest.approx(matrix[rows].mean(axis=0))
    assert space.frequency is not None
    assert space.frequency.tolist() == [10, 9, 8]


def large_model(words: list[bytes], matrix: np.ndarray) -> bytes:
    """Return a model of these words, with the rows (words + buckets, 2) of its matrix."""
    head = fasttext(bucket=len(matrix) - len(words), size=len(words), nwords=len(words))[: 8 + 56 + 28]
    entries = b"".join(word + b"\0" + struct.pack("<qb", 10**6 - n, 0) for n, word in enumerate(words))
    return head + entries + b"\0" + struct.pack("<2q", *matrix.shape) + matrix.astype("<f4").tobytes()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("shift", range(4))
def test_the_first_rows_of_a_model_are_those_of_all_of_it_wherever_its_numbers_lie(
    opened: Open, monkeypatch: pytest.MonkeyPatch, shift: int, packed: bool
) -> None:
    monkeypatch.setattr(row_by_row, "MOST_AT_ONCE", 16)
    words = [b"word%d" % n for n in range(300)]
    words[:5] = [b"w" * (1 + shift), b"two", b"two", b"</s>", b"\xff"]
    matrix = np.random.default_rng(1).normal(size=(300 + 400, 2)).astype(np.float32)
    matrix[[8, 40, 310]] = np.nan
    contents = large_model(words, matrix)
    whole = opened(contents, "whole.bin")
    if not packed:
        monkeypatch.setattr(models, "TemporaryFile", None)  # what lies in a plain file is not copied
    for limit in (1, 5, 60, 200):
        some = opened(gzip.compress(contents) if packed else contents, f"some{limit}.bin", limit)
        assert list(some.words) == whole.words[:limit]
        np.testing.assert_array_equal(some.vectors, whole.vectors[:limit])
        assert some.frequency is not None
        np.testing.assert_array_equal(some.frequency, np.asarray(whole.frequency)[:limit])
        np.testing.assert_array_equal(some.vector("seen by nobody"), whole.vector("seen by nobody"))
    assert len(whole) < 300 - 4


def test_fasttexts_hash_takes_bytes_for_signed_numbers() -> None:
    assert fnv1a(b"a") == 0xE40C292C  # FNV-1a itself
    assert fnv1a(b"\xc3") == ((2166136261 ^ 0xFFFFFFC3) * 16777619) % 2**32
    assert len(Subwords(3, 6, 100).rows("größe")) == sum(1 for n in range(3, 7) for _ in range(7 - n + 1))


def test_the_subwords_of_many_words_are_those_of_each() -> None:
    words = ["a", "größe", "слово", "</s>", "日本語", "x" * 40, "émigré", "𝔘𝔫𝔦", "the"]
    for subwords in (Subwords(3, 6, 100), Subwords(1, 3, 2**31 - 1), Subwords(0, 2, 7), Subwords(5, 4, 10)):
        buckets, each = subwords.rows_of_all([word.encode() for word in words])
        expected = [subwords.rows(word) for word in words]
        assert each.tolist() == [len(rows) for rows in expected]
        assert buckets.tolist() == [row for rows in expected for row in rows]


BAD_MODELS = {
    "of another version": ({"version": 13}, "version 13: expected version 11 or 12"),
    "with a huge dimension": ({"dim": 10**9}, "1,000,000,000 dimensions"),
    "with a negative vocabulary": ({"nwords": -3}, "damaged"),
    "with a huge vocabulary": ({"size": 2**31 - 1, "nwords": 2**31 - 1}, "expected the end of entry 4|entry"),
    "with a huge bucket count": ({"bucket": 2**31 - 1}, "its matrix has 7 rows"),
    "with huge n-grams": ({"maxn": 2**30}, "it cuts words into"),
    "with a huge matrix": ({"bucket": 2**30, "rows": 2**30 + 3}, "cut short"),
    "compressed": ({"quantised": 1}, "compressed"),
    "pruned": ({"pruned": 5}, "compressed"),
}


@pytest.mark.parametrize("name", BAD_MODELS)
def test_a_damaged_model_is_refused_in_a_sentence_before_memory_is_taken(opened: Open, name: str) -> None:
    changed, why = BAD_MODELS[name]
    tracemalloc.start()
    with pytest.raises(DataError, match=why):
        opened(fasttext(**changed))
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("contents", [fasttext(), binary({b"a": [1, 2], b"b": [3, 4]}), b"2 2\n" + b"a 1 2\nb 3 4\n"])
def test_a_file_cut_anywhere_is_opened_in_part_or_refused(opened: Open, contents: bytes) -> None:
    for end in range(len(contents)):
        with suppress(DataError):
            assert len(opened(contents[:end], f"cut{end}.bin")) <= 3


def test_rows_keep_their_line_numbers_over_blocks(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "BLOCK_BYTES", 64)
    rows = [f"word{n} {n} {n + 0.5} -1" for n in range(500)]
    rows[333] = "bad 1 2"
    space = opened(("\n".join(rows) + "\n").encode())
    assert told(space) == {"there are fewer than 3 numbers": (1, 334)}
    assert list(space.words) == [f"word{n}" for n in range(500) if n != 333]
    assert space.vectors[:, 0].tolist() == [n for n in range(500) if n != 333]


def test_numbers_are_rounded_correctly(opened: Open) -> None:
    written = [repr(value) for value in np.random.default_rng(1).normal(size=300).tolist()]
    rows = [f"w{n} {' '.join(written[100 * n : 100 * n + 100])}\n" for n in range(3)]
    space = opened("".join(rows).encode())
    assert space.vectors.ravel().tolist() == np.array(written, dtype=np.float32).tolist()


def test_a_limit_keeps_the_first_rows_and_says_so(opened: Open) -> None:
    space = opened(GOOD, limit=2)
    assert list(space.words) == ["the", "of"]
    assert space.provenance.limit == 2
    with pytest.raises(DataError, match="at least 1, received 0"):
        opened(GOOD, limit=0)


def test_a_file_is_read_once_and_mapped_from_then_on(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(GOOD)
    (kept,) = (tmp_path / "kept").iterdir()
    monkeypatch.setattr("engine.words.storing.write_folder", None)
    again = load(tmp_path / "vectors.txt", cache=tmp_path / "kept")
    assert list(again.words) == ["the", "of", "and"]
    assert not again.vectors.flags.writeable
    record = json.loads((kept / "provenance.json").read_text())
    assert record["source"] == "vectors.txt"
    monkeypatch.undo()
    changed = opened(GOOD + b"to 1 1 1\n")
    assert len(changed) == 4


def test_what_is_kept_and_damaged_is_read_again(opened: Open, tmp_path: Path) -> None:
    opened(GOOD)
    (kept,) = (tmp_path / "kept").iterdir()
    for damage in ("vectors", "provenance.json", "words.ends"):
        (kept / damage).write_bytes(b"x")
        assert opened(tmp_path / "vectors.txt").vectors.tolist() == VECTORS


def test_the_record_names_the_file_by_its_hash(opened: Open, tmp_path: Path) -> None:
    for limit in (None, 1):
        packed = gzip.compress(GOOD)
        assert opened(packed, limit=limit).provenance.sha256 == hashlib.sha256(packed).hexdigest()


def test_progress_is_told(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_bytes(GOOD)
    said: list[tuple[int, int, int]] = []
    load(tmp_path / "v.txt", cache=tmp_path / "kept", progress=lambda *numbers: said.append(numbers))
    assert said[-1] == (len(GOOD), len(GOOD), 3)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.txt", tmp_path):
        with pytest.raises(DataError, match="is no file"):
            load(path, cache=tmp_path / "kept")


def test_an_unseen_word_whose_subwords_are_damaged_is_told(opened: Open) -> None:
    damaged = bytearray(fasttext())
    grams = [bytes(gram) for word in (b"<one>", b"<two>", b"<six>") for n in (3, 4) for gram in _grams(word, n)]
    free = ({0, 1, 2, 3} - {fnv1a(gram) % 4 for gram in grams if b"e" not in gram}).pop()  # "two" and "six" stay sound
    place = len(damaged) - 8 * (4 - free)
    damaged[place : place + 4] = struct.pack("<f", float("nan"))
    space = opened(bytes(damaged))
    unseen = next(word for word in map(str, range(1000)) if free in Subwords(3, 4, 4).rows(word))
    with pytest.raises(DataError, match="has subwords in this space whose numbers are NaN or infinite"):
        space.vector(unseen)


def _grams(word: bytes, n: int) -> list[bytes]:
    return [word[start : start + n] for start in range(len(word) - n + 1)]
