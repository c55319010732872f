"""``python -m engine words-train``."""

import csv
import gzip
import json
import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import load_facebook_model

from engine.__main__ import main
from engine.words import load, train_commands, world
from engine.words.corpus import TextSpec
from engine.words.train import FastTextSpec, GloveSpec, Word2VecSpec, fasttext, glove, word2vec

SMALL = ("--set", "dimensions=6", "--set", "epochs=2", "--set", "min_count=2", "--set", "threads=1")
BUCKETS = ("--set", "buckets=200")
LINES = ("--text", "ends=lines")
TALE = [" ".join(sentence) for sentence in islice(world.sentences(), 500)]


@pytest.fixture
def corpus(home: Path) -> Path:
    path = home / "tale.txt"
    path.write_text("\n".join(TALE), encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    assert main(["words-train", *map(str, arguments)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return read(printed.out)


def read(text: str) -> list[dict[str, Any]]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return [json.loads(line, parse_constant=refuse) for line in text.splitlines()]


def test_word2vec_tells_how_it_goes_and_writes_what_the_call_learns(
    corpus: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(train_commands, "EVERY_SECONDS", 0)
    out = home / "out.bin"
    reading, *lines, last = told(capsys, "word2vec", corpus, out, *SMALL, *LINES)
    assert reading.keys() == {"doing", "read"}
    lines = [line for line in lines if "share" in line]
    assert lines[0] == {"share": 0, "epoch": 0, "words_per_second": None, "loss": None, "seconds_left": None}
    assert [line["share"] for line in lines] == sorted(line["share"] for line in lines)
    assert (lines[-1]["share"], lines[-1]["epoch"], lines[-1]["seconds_left"]) == (1, 2, 0)
    assert all(line["loss"] > 0 and line["words_per_second"] > 0 for line in lines[1:])
    result = last["result"]
    assert result["loss"] == lines[-1]["loss"]
    expected = word2vec(corpus, Word2VecSpec(dimensions=6, epochs=2, min_count=2), text=TextSpec(ends="lines"))
    tokens = [token for line in TALE for token in line.lower().split()]
    assert result["text"]["tokens"] == len(tokens)
    assert result["text"]["distinct"] == len(set(tokens))
    assert (result["words"], result["dimensions"], result["stopped"]) == (len(expected), 6, False)
    assert (result["format"], result["written"]) == ("word2vec", str(out))
    assert result["bytes"] == out.stat().st_size
    assert result["spec"]["min_count"] == 2
    theirs = KeyedVectors.load_word2vec_format(str(out), binary=True)
    assert theirs.index_to_key == list(expected.words)
    np.testing.assert_array_equal(theirs.vectors, expected.vectors)


def test_fasttext_writes_a_model_that_gensim_opens(corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    out = home / "out.bin"
    last = told(capsys, "fasttext", corpus, out, *SMALL, *BUCKETS, *LINES, "--set", "window=4")[-1]["result"]
    assert (last["format"], last["loss"]) == ("fasttext", None)
    spec = FastTextSpec(dimensions=6, epochs=2, min_count=2, buckets=200, window=4)
    expected = fasttext(corpus, spec, text=TextSpec(ends="lines"))
    model = load_facebook_model(str(out))
    assert (model.window, model.epochs, model.min_count, model.wv.bucket) == (4, 2, 2, 200)
    for word in (expected.words[3], "kingliness"):
        np.testing.assert_allclose(model.wv[word], expected.vector(word), rtol=1e-5, atol=1e-7)


def test_glove_tells_its_cost_and_pairs_a_second(corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    out = home / "out.txt"
    lines = told(capsys, "glove", corpus, out, *SMALL, *LINES, "--set", "x_max=10")
    assert any("doing" in line and "counted" in line["doing"] for line in lines)
    last, result = lines[-2], lines[-1]["result"]
    assert last.keys() == {"share", "epoch", "cost", "pairs_per_second", "seconds_left"}
    assert (last["share"], last["epoch"]) == (1, 2)
    assert result["cost"] == last["cost"] > 0
    assert result["format"] == "glove"
    expected = glove(
        corpus, GloveSpec(dimensions=6, epochs=2, min_count=2, threads=1, x_max=10), text=TextSpec(ends="lines")
    )
    again = load(out)
    assert again.provenance.kind == "GloVe text"
    assert list(again.words) == list(expected.words)
    np.testing.assert_array_equal(again.vectors, expected.vectors)
    assert f"GloVe, 2 of 2 epochs: dimensions 6, window {GloveSpec().window}" in expected.provenance.notes[1]


def test_a_column_of_a_table_and_a_packed_text_are_texts(corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    with (home / "tale.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([("nonsense", "text"), *(("xyzzy, plugh", line) for line in TALE)])
    (home / "tale.gz").write_bytes(gzip.compress(corpus.read_bytes()))
    plain = told(capsys, "word2vec", corpus, home / "a.txt", *SMALL, *LINES)[-1]["result"]
    for name, more in (("tale.csv", ("--column", "text")), ("tale.gz", ())):
        other = told(capsys, "word2vec", home / name, home / "b.txt", *SMALL, *LINES, *more)[-1]["result"]
        assert other["text"] == plain["text"]
        assert (home / "a.txt").read_bytes() == (home / "b.txt").read_bytes()
    told(capsys, "word2vec", home / "tale.csv", home / "c.txt", *SMALL, *LINES, "--column", "nonsense")
    assert "xyzzy" in (home / "c.txt").read_text()


def test_the_ending_or_the_format_says_the_form(corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    kinds = {
        ("glove", "a.txt"): "glove",
        ("glove", "a.bin"): "word2vec",
        ("glove", "a.vec"): "fasttext-vec",
        ("word2vec", "a.txt"): "word2vec-text",
        ("word2vec", "a.safetensors"): "safetensors",
        ("word2vec", "a.any", "--format", "glove"): "glove",
    }
    for (method, name, *more), form in kinds.items():
        result = told(capsys, method, corpus, home / name, *SMALL, *LINES, *more)[-1]["result"]
        assert result["format"] == form
        assert len(load(home / name)) == result["words"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("word2vec", "missing.txt", "out.bin"), "missing.txt is no file: expected a text."),
        (("word2vec", f"{'a' * 300}.txt", "out.bin"), f"{'a' * 60}… cannot be read: File name too long."),
        (("word2vec", "~nobody-of-that-name/tale.txt", "out.bin"), "tale.txt is no file: expected a text."),
        (("word2vec", "tale.txt", "~nobody-of-that-name/out.bin"), "~nobody-of-that-name/out.bin cannot be written"),
        (("word2vec", "tale.txt", f"{'a' * 300}.bin"), "cannot be written: File name too long."),
        (("word2vec", "tale.txt", "./tale.txt"), "./tale.txt is the text itself: expected another file for the vect"),
        (("word2vec", "tale.txt", "pipe.bin"), "pipe.bin cannot be written: what lies there is no plain file."),
        (("fasttext", "tale.txt", "out.bin", "--set", "shortest=7"), "shortest: expected at most longest, 6; received"),
        (("glov", "tale.txt", "out.bin"), "Argument METHOD: invalid choice: 'glov'"),
        (("glove", "tale.txt", "out.doc"), "out.doc does not tell by its ending in which form it is to be"),
        (("glove", "tale.txt", "missing/out.txt"), "missing/out.txt cannot be written: expected a file in a folder"),
        (("glove", "tale.txt", "."), ". cannot be written: expected a file in a folder"),
        (("glove", "tale.txt", "out.bin", "--format", "fasttext"), "The form fasttext has subwords, and glove learns"),
        (("glove", "tale.txt", "out.txt", "--set", "dimension=3"), "There is no setting 'dimension': did you mean dim"),
        (("glove", "tale.txt", "out.txt", "--set", "window=0"), "window: expected a whole number from 1 to 50"),
        (("glove", "tale.txt", "out.txt", "--set", "window"), "--set takes key=value, received 'window'."),
        (("glove", "tale.txt", "out.txt", "--text", "a=1", "--text", "a=2"), "--text names 'a' twice"),
        (("glove", "tale.txt", "out.txt", "--column", "x"), "tale.txt has no column 'x': expected one of"),
        (("glove", "tale.txt", "out.txt", "--set", "min_count=99999"), "that come 99999 times or more: expected at le"),
        (
            ("word2vec", "tale.txt", "out.txt", "--set", "program=torch", "--set", "architecture=cbow"),
            "Our own program",
        ),
    ],
)
def test_what_cannot_be_learnt_is_one_sentence(
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    why: str,
):
    monkeypatch.chdir(corpus.parent)
    os.mkfifo("pipe.bin")
    monkeypatch.setattr("engine.words.train.learning.going", None)  # told sooner than after hours
    assert main(["words-train", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(why) or why in printed.err
    assert printed.err.count("\n") == 1
    assert not list(corpus.parent.glob("*out*"))
    assert corpus.read_text(encoding="utf-8").splitlines() == TALE
    assert Path("pipe.bin").is_fifo()


def test_the_longest_name_that_a_folder_takes_is_written(corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    out = home / f"{'ä' * 125}.bin"
    told(capsys, "word2vec", corpus, out, *SMALL, *LINES)
    assert len(load(out)) > 2


def test_vectors_that_outgrow_all_bounds_are_told_and_not_kept(
    corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]
):
    rate = ("--set", "learning_rate=1", "--set", "negative=50", "--set", "program=torch")
    assert main(["words-train", "word2vec", str(corpus), str(home / "out.bin"), *SMALL, *LINES, *rate]) == 2
    said = "The vectors outgrew all bounds and were not kept: expected a smaller learning rate.\n"
    assert capsys.readouterr().err == said
    assert not list(home.glob("*out*"))
    assert not list((home / "words").glob("trained-*"))


def test_words_that_a_form_cannot_hold_are_told_before_learning(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    (home / "odd.txt").write_text("%PDF %PDF %PDF %PDF the the the\n")
    monkeypatch.setattr("engine.words.train.learning.trainer", None)
    asked = ("glove", str(home / "odd.txt"), str(home / "out.txt"), "--text", "rule=blanks", "--text", "lower=false")
    assert main(["words-train", *asked, "--set", "min_count=1"]) == 2
    assert "a file that begins with it would be taken for something else" in capsys.readouterr().err


@pytest.mark.parametrize("method", ["word2vec", "glove"])
def test_ctrl_c_keeps_what_is_learnt(corpus: Path, home: Path, method: str):
    out = home / "out.safetensors"
    asked = [
        method,
        str(corpus),
        str(out),
        *LINES,
        "--set",
        "epochs=1000",
        "--set",
        "dimensions=1000",
        "--set",
        "window=50",
    ]
    command = [sys.executable, "-m", "engine", "words-train", *asked]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        while not json.loads(running.stdout.readline()).get("share"):
            pass
        running.send_signal(signal.SIGINT)
        printed, complaints = running.communicate(timeout=120)
    assert (running.returncode, complaints) == (128 + signal.SIGINT, "")
    result = read(printed)[-1]["result"]
    assert result["stopped"] is True
    assert 0 < result["epoch"] < 1000
    space = load(out)
    assert len(space) == result["words"]
    assert np.isfinite(space.vectors).all()


def test_ctrl_c_while_a_program_is_imported_waits_for_that(
    corpus: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    imported: list[str] = []

    def interrupted(name: str) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:  # as modules written in C do
            raise ImportError("initialization failed") from None
        imported.append(name)

    monkeypatch.setattr(train_commands, "import_module", interrupted)
    out = home / "out.txt"
    assert main(["words-train", "word2vec", str(corpus), str(out), *SMALL, *LINES]) == 128 + signal.SIGINT
    assert imported == ["engine.words.train.gensim_trainer"]
    assert capsys.readouterr().err == ""
    assert not out.exists()


def test_what_a_killed_run_has_left_goes_with_the_next(corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]):
    left = home / "words" / ".text-1234.abcdef"
    left.mkdir(parents=True)
    (left / "ids").write_bytes(bytes(100))
    told(capsys, "word2vec", corpus, home / "out.txt", *SMALL, *LINES)
    assert not left.exists()


def test_ctrl_c_before_anything_is_learnt_writes_nothing(
    corpus: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("engine.words.train.glove_space.Cooccurrences.open", interrupted)
    handler = signal.getsignal(signal.SIGINT)
    assert main(["words-train", "glove", str(corpus), str(home / "out.txt"), *SMALL]) == 128 + signal.SIGINT
    assert "result" not in capsys.readouterr().out
    assert not (home / "out.txt").exists()
    assert signal.getsignal(signal.SIGINT) is handler
