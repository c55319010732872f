"""Spaces written to files: read back by our own reader and by gensim, to the last bit; and files that lie."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import load_facebook_model, load_facebook_vectors
from safetensors.numpy import load_file, save_file

from engine.errors import DataError
from engine.words import Space, load
from engine.words.formats import writing
from engine.words.formats.binary import Reader
from engine.words.formats.fasttext import sums_of_subwords
from engine.words.formats.tensors import Layout, header_of, read_tensors
from engine.words.formats.writing import FORMS, write
from engine.words.formats.writing_fasttext import Learning, own_rows
from tests.engine.words.conftest import Open

ENDINGS = {
    "word2vec": ".bin",
    "word2vec-text": ".txt",
    "glove": ".txt",
    "fasttext": ".bin",
    "fasttext-vec": ".vec",
    "safetensors": ".safetensors",
}
KINDS = {
    "word2vec": "word2vec binary",
    "word2vec-text": "word2vec text",
    "glove": "GloVe text",
    "fasttext": "fastText model",
    "fasttext-vec": "word2vec text",
    "safetensors": "safetensors",
}
ODD_WORDS = ["größe", "日本語", "<script>", "=1+1", "3", "nan", "a\u00a0b", "x" * 900, "\u202eabc", "0x1p-3"]


def same(a: Space, b: Space) -> None:
    assert list(a.words) == list(b.words)
    assert a.vectors.dtype == b.vectors.dtype == np.float32
    np.testing.assert_array_equal(a.vectors.view(np.uint32), b.vectors.view(np.uint32))


@pytest.fixture
def odd(tmp_path: Path) -> Space:
    """Odd words, and numbers of every size that a float32 has, 0.1 and the smallest above zero among them."""
    numbers = np.random.default_rng(4).integers(0, 2**32, 70_000, np.uint32).view(np.float32)
    numbers = np.concatenate(
        [np.array([0.1, -0.0, 1e-45, 3.4028235e38, 16777217], np.float32), numbers[np.isfinite(numbers)]]
    )
    d = 7
    n = len(numbers) // d
    words = [*ODD_WORDS, *(f"w{row}" for row in range(n - len(ODD_WORDS)))]
    rows = zip(words, numbers[: n * d].reshape(n, d), strict=True)
    body = b"".join(word.encode() + b" " + row.tobytes() for word, row in rows)
    (tmp_path / "odd.bin").write_bytes(f"{n} {d}\n".encode() + body)
    return load(tmp_path / "odd.bin", cache=tmp_path / "kept")


@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")  # by gensim
@pytest.mark.parametrize("form", [form for form in FORMS if form != "fasttext"])
def test_what_is_written_is_read_back_to_the_last_bit(odd: Space, tmp_path: Path, opened: Open, form: writing.Form):
    path = tmp_path / f"out{ENDINGS[form]}"
    written = write(odd, path, form)
    assert written == (form, path.stat().st_size)
    again = opened(path)
    same(odd, again)
    assert again.provenance.kind == KINDS[form]
    assert (again.provenance.dropped, again.provenance.notes) == ((), ())
    if form != "safetensors":
        theirs = KeyedVectors.load_word2vec_format(str(path), binary=form == "word2vec", no_header=form == "glove")
        assert theirs.index_to_key == list(odd.words)
        np.testing.assert_array_equal(theirs.vectors.view(np.uint32), odd.vectors.view(np.uint32))
    else:
        theirs = load_file(path)
        np.testing.assert_array_equal(theirs["vectors"].view(np.uint32), odd.vectors.view(np.uint32))
        assert theirs["words"].tobytes().rstrip(b"\0") == "".join(odd.words).encode()


@pytest.mark.parametrize("name", ["lee_fasttext_new.bin", "crime-and-punishment.bin", "non_ascii_fasttext.bin"])
def test_a_model_is_read_back_by_ours_and_by_gensim(
    packaged: Callable[[str], Space], tmp_path: Path, opened: Open, name: str
):
    space, path = packaged(name), tmp_path / "out.bin"
    assert write(space, path).form == "fasttext"
    again = opened(path)
    same(space, again)
    assert again.subwords is not None
    assert space.subwords is not None
    np.testing.assert_array_equal(again.subwords, space.subwords)
    np.testing.assert_array_equal(again.frequency, space.frequency)
    assert again.provenance.subwords == space.provenance.subwords
    theirs = load_facebook_vectors(str(path))
    assert theirs.index_to_key == list(space.words)
    scale = float(np.abs(space.vectors).max())
    words = [word for word in space.words if word != "</s>"]
    np.testing.assert_allclose(theirs[words], [space.vector(word) for word in words], atol=1e-6 * scale)
    for unseen in ("unseenwordly", "größenordnung", "xy"):
        assert unseen not in space
        np.testing.assert_allclose(theirs[unseen], space.vector(unseen), rtol=1e-5, atol=1e-6 * scale)


def test_gensim_goes_on_with_a_model(packaged: Callable[[str], Space], tmp_path: Path):
    space, path = packaged("lee_fasttext_new.bin"), tmp_path / "out.bin"
    write(space, path, "fasttext", Learning(window=7, epochs=3, min_count=2, negative=4, sample=1e-3))
    model = load_facebook_model(str(path))
    assert space.provenance.subwords is not None
    assert (model.window, model.epochs, model.min_count, model.negative, model.sample) == (7, 3, 2, 4, 1e-3)
    assert (model.sg, model.hs, model.wv.min_n, model.wv.max_n) == (1, 0, *space.provenance.subwords[:2])
    assert not model.syn1neg.any(), "the output layer is not known"
    counts = [model.wv.get_vecattr(word, "count") for word in space.words]
    assert space.frequency is not None
    assert counts == space.frequency.tolist()
    model.train([list(space.words[:50])] * 20, total_examples=20, epochs=1)
    assert model.syn1neg.any()


def test_own_rows_are_those_that_were_learnt_but_for_roundings(packaged: Callable[[str], Space]):
    """The file that gensim brings along holds them; ours come from the means alone."""
    space = packaged("lee_fasttext_new.bin")
    theirs = load_facebook_vectors(str(_datapath("lee_fasttext_new.bin")))
    rows = [row for row, word in enumerate(space.words) if word != "</s>"]
    words = [space.words[row].encode() for row in rows]
    assert space.subwords is not None
    assert space.provenance.subwords is not None
    sums, each = sums_of_subwords(words, space.provenance.subwords, space.subwords)
    own = own_rows(space.vectors[rows], sums, each)
    largest = np.maximum(np.abs(sums), np.abs(theirs.vectors_vocab[rows]))
    assert (np.abs(own - theirs.vectors_vocab[rows]) <= 4 * np.spacing(largest)).all()


def _datapath(name: str) -> str:
    from gensim.test.utils import datapath

    return datapath(name)


def test_counts_are_kept_in_safetensors(packaged: Callable[[str], Space], tmp_path: Path, opened: Open):
    space = packaged("lee_fasttext_new.bin")
    write(space, tmp_path / "out.safetensors")
    again = opened(tmp_path / "out.safetensors")
    same(space, again)
    np.testing.assert_array_equal(again.frequency, space.frequency)
    few = opened(tmp_path / "out.safetensors", limit=7)
    assert few.frequency is not None
    assert space.frequency is not None
    assert few.frequency.tolist() == space.frequency[:7].tolist()


BLANKS = ["new york", "a\tb", "a\rb", "a\x0bb", "a\x0cb"]


@pytest.mark.parametrize("form", ["word2vec", "word2vec-text", "glove", "fasttext-vec"])
@pytest.mark.parametrize("word", BLANKS)
def test_a_word_that_a_form_cannot_hold_is_refused_and_nothing_is_left(
    tmp_path: Path, opened: Open, form: writing.Form, word: str
):
    made = tmp_path / "made.safetensors"
    made.write_bytes(tensors(given=("the", word, "of")))
    space = opened(made)
    path = tmp_path / "out.txt"
    path.write_text("before")
    with pytest.raises(DataError, match=r"^The word .* of row 2 cannot be written as .*: it holds a blank") as refused:
        write(space, path, form)
    assert "\n" not in str(refused.value)
    assert path.read_text() == "before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kept", "made.safetensors", "out.txt"]
    write(space, path, "safetensors")
    same(opened(path), space)


@pytest.mark.parametrize("word", ["\ufeffthe", "BZhang", "%PDF"])
def test_no_file_without_a_header_begins_as_something_else_does(tmp_path: Path, opened: Open, word: str):
    space = opened(f"2 2\n{word} 1 2\nof 3 4\n".encode())
    with pytest.raises(DataError, match="would be taken for something else"):
        write(space, tmp_path / "out.txt", "glove")
    write(space, tmp_path / "out.txt")
    same(opened(tmp_path / "out.txt"), space)


def test_what_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch):
    space = opened(b"the 1 2\nof 3 4\n")
    with pytest.raises(DataError, match=r"^out.doc does not tell by its ending .* expected .bin, .txt"):
        write(space, tmp_path / "out.doc")
    with pytest.raises(DataError, match="This space has no subwords"):
        write(space, tmp_path / "out.bin", "fasttext")
    with pytest.raises(DataError, match=r"^out.txt cannot be written: No such file or directory.$"):
        write(space, tmp_path / "missing" / "out.txt")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(writing._WRITERS, "glove", full)
    with pytest.raises(DataError, match=r"^out.txt cannot be written: No space left on device.$"):
        write(space, tmp_path / "out.txt", "glove")
    assert not list(tmp_path.glob("*out*")) + list(tmp_path.glob(".*")), "something half written was left"


def test_a_number_that_is_none_is_not_written(tmp_path: Path, opened: Open):
    space = opened(b"the 1 2\nof 3 4\n")
    space.vectors = np.array([[1, 2], [np.nan, 4]], np.float32)
    with pytest.raises(DataError, match="row 2 cannot be written: it has a number that is NaN"):
        write(space, tmp_path / "out.txt")
    assert not list(tmp_path.glob("*out*"))


def tensors(
    given: tuple[str, ...] = ("the", "of", "and"),
    header: bytes | None = None,
    ends: list[int] | None = None,
    counts: list[int] | None = None,
    **changed: Any,
) -> bytes:
    """Return a file of three words and two numbers each, in which something is not as it should be."""
    text = "".join(given).encode()
    text += bytes(-len(text) % 8)
    ends = ends or np.cumsum([len(word.encode()) for word in given]).tolist()
    whole = header_of(Layout(len(given), 2, len(text), counts is not None), {})
    told = json.loads(whole[8:])
    for name, change in changed.items():
        told[name] = change if change is None else {**told.get(name, {}), **change}
        if change is None:
            del told[name]
    written = json.dumps(told).encode() if header is None else header
    assert ends is not None
    body = np.array([*ends, *(counts or [])], "<i8").tobytes() + text
    return struct.pack("<Q", len(written)) + written + body + np.arange(6, dtype="<f4").tobytes()


def test_a_file_by_hand_is_opened(opened: Open):
    space = opened(tensors(counts=[9, 5, 0]))
    assert list(space.words) == ["the", "of", "and"]
    assert space.vectors.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert space.frequency is not None
    assert space.frequency.tolist() == [9, 5, 0]
    assert opened(tensors()).frequency is None


NO_SPACE = "is a safetensors file: expected a space that Learnscope wrote, and"
BAD_TENSORS = {
    "of a net": (tensors(header=b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'), NO_SPACE),
    "no object": (struct.pack("<Q", 2) + b"{}", NO_SPACE),
    "a deep header": (tensors(header=b'{"a":' + b"[" * 20_000), NO_SPACE),
    "a list": (tensors(vectors={"shape": [3]}), NO_SPACE),
    "a header of 4 EB": (struct.pack("<Q", 2**62) + b'{"vectors":{}}', "its header has 4,611,686"),
    "a header cut": (tensors()[:60], "cut short"),
    "float64": (tensors(vectors={"dtype": "F64"}), "other names, kinds, shapes or places"),
    "signed bytes": (tensors(words={"dtype": "I8"}), "other names, kinds, shapes or places"),
    "another tensor": (tensors(more={"dtype": "U8", "shape": [0], "data_offsets": [64, 64]}), "other names"),
    "a hole": (tensors(vectors={"data_offsets": [48, 72]}), "other names, kinds, shapes or places"),
    "overlap": (tensors(words={"data_offsets": [16, 32]}), "other names, kinds, shapes or places"),
    "a tensor missing": (tensors(ends=[3, 5, 8], words=None), NO_SPACE),
    "three axes": (tensors(vectors={"shape": [3, 2, 1]}), NO_SPACE),
    "huge": (tensors(vectors={"shape": [10**12, 300]}), "more or fewer rows"),
    "huge numbers": (tensors(vectors={"shape": [10**4000, 300]}), "more or fewer rows"),
    "negative": (tensors(vectors={"shape": [-3, 2]}), "more or fewer rows"),
    "true": (tensors(vectors={"shape": [True, 2]}), NO_SPACE),
    "a fraction": (tensors(vectors={"shape": [3.0, 2]}), NO_SPACE),
    "words that end before they begin": (tensors(ends=[5, 3, 8]), "each of its words has to have 1 to 1,000 bytes"),
    "empty words": (tensors(ends=[3, 3, 8]), "each of its words has to have"),
    "words beyond the end": (tensors(ends=[3, 5, 900]), "its words end at byte 900 of 8"),
    "a count below zero": (tensors(counts=[9, -1, 3]), "word 2 has a count below zero"),
    "cut": (tensors()[:-3], "cut short"),
    "more behind": (tensors() + b"x", "something behind its last tensor"),
    "many bytes of words": (
        struct.pack("<Q", len(header_of(Layout(1, 2, 1 << 40, False), {})) - 8)
        + header_of(Layout(1, 2, 1 << 40, False), {})[8:],
        "its 1 words cannot have",
    ),
}


@pytest.mark.parametrize("name", BAD_TENSORS)
def test_a_safetensors_file_that_is_no_space_is_refused_in_a_sentence(opened: Open, tmp_path: Path, name: str):
    contents, why = BAD_TENSORS[name]
    with pytest.raises(DataError, match=why) as refused:
        opened(contents, "given.bin")
    assert str(refused.value).startswith("given.bin ")
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)
    assert not list((tmp_path / "kept").glob("*")), "something half written was left"


def test_words_and_numbers_that_no_space_can_hold_are_left_out(opened: Open, tmp_path: Path):
    damaged = bytearray(tensors(counts=[9, 5, 2]))
    damaged[-4:] = struct.pack("<f", float("nan"))
    space = opened(bytes(damaged).replace(b"theof", b"the\xff\xfe"))
    assert list(space.words) == ["the"]
    assert {one.why: one.first for one in space.provenance.dropped} == {
        "the word is not written in UTF-8": 2,
        "a number is NaN or infinite": 3,
    }
    assert space.frequency is not None
    assert space.frequency.tolist() == [9]


def test_what_safetensors_itself_makes_of_it_is_opened_where_the_order_is_kept(tmp_path: Path, opened: Open):
    """Their own writer puts vectors before words: that is refused, not misread."""
    path = tmp_path / "ours.safetensors"
    path.write_bytes(tensors(counts=[1, 1, 1]))
    save_file(load_file(path), tmp_path / "theirs.safetensors")
    with pytest.raises(DataError, match="other names, kinds, shapes or places"):
        opened(tmp_path / "theirs.safetensors")


def test_no_memory_is_taken_for_what_a_header_promises():
    taken: list[int] = []

    class Watched(Reader):
        def take(self, count: int, what: str) -> bytes:
            taken.append(count)
            return super().take(count, what)

    head = header_of(Layout(10**9, 300, 10**9, False), {})
    with pytest.raises(DataError, match="cut short"):
        read_tensors(Watched("x", iter([head, bytes(range(1, 9))])))
    assert max(taken) <= 1 << 20
