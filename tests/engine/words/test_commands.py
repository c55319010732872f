"""``python -m engine words``."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from gensim.test.utils import datapath

from engine.__main__ import main
from engine.words.evaluate import word_similarity
from tests.app_server import ROOT

FILE = datapath("lee_fasttext.vec")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["words", FILE, *arguments]) == 0
    return capsys.readouterr().out


def test_neighbours_as_lines_and_as_json(capsys: pytest.CaptureFixture[str], packaged) -> None:
    expected = packaged("lee_fasttext.vec").neighbours("the", 3)
    lines = asked(capsys, "neighbours", "the", "--k", "3").splitlines()
    assert lines[-3:] == [f"{word}  {score:.4f}" for word, score in expected]
    told = json.loads(asked(capsys, "neighbours", "the", "--k", "3", "--json"))
    assert [(row["word"], row["score"]) for row in told["neighbours"]] == expected


def test_an_analogy_by_its_formula(capsys: pytest.CaptureFixture[str], packaged) -> None:
    expected = packaged("lee_fasttext.vec").analogy(["the", "and"], ["of"], 2, "3cosmul")
    told = json.loads(asked(capsys, "analogy", "the - of + and", "--method", "3cosmul", "--k", "2", "--json"))
    assert [(row["word"], row["score"]) for row in told["answers"]] == expected


def test_a_suite_by_name_and_by_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, packaged) -> None:
    rows = json.loads(asked(capsys, "score", "question-words", "--restrict", "1000", "--json"))["sections"]
    assert rows[-1]["section"] == "total"
    assert sum(row["correct"] for row in rows[:-1]) == rows[-1]["correct"]
    for suite, file in (("simlex999", "simlex999.txt"), ("wordsim353", "wordsim353.tsv")):
        told = json.loads(asked(capsys, "score", suite, "--json"))
        expected = word_similarity(packaged("lee_fasttext.vec"), datapath(file))
        assert (told["suite"], told["pairs"]) == (suite, expected.pairs)
        assert told["spearman"] == pytest.approx(expected.spearman)
    own = tmp_path / "own.txt"
    own.write_text(": mine\nthe of and to\n")
    assert "mine  " in asked(capsys, "score", str(own))


def test_what_is_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(asked(capsys, "info", "--limit", "100", "--json"))
    assert (told["kind"], told["words"], told["limit"]) == ("word2vec text", 100, 100)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["neighbours", "xyzzy"], "The word 'xyzzy' is not in this space"),
        (["neighbours", "the", "--k", "0"], "expected a whole number from 1 on, received '0'"),
        (["analogy", "the of"], "two words without a sign"),
        (["score", "nothing"], "There is no suite 'nothing'"),
        (["score", __file__], "expected"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    assert main(["words", FILE, *arguments]) == 2
    told = capsys.readouterr().err
    assert why in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("letters", ["ascii", "utf-8"])
def test_what_the_output_has_no_letters_for_is_escaped_as_in_json(letters: str, tmp_path: Path) -> None:
    """A terminal may know fewer letters than a text, and what is typed need not be text."""
    (tmp_path / "v.txt").write_text("3 2\nking 1 0\ncafé 1 0.1\n\U0001f415 1 0.2\n", encoding="utf-8")
    asked = [sys.executable, "-m", "engine", "words", "v.txt", "neighbours", "king", "--json"]
    odd = [sys.executable, "-m", "engine", "words-classify", "world", "--set", "epochs=1", "--ask", b"caf\xe9 \xff"]
    environment = os.environ | {"PYTHONIOENCODING": letters, "LEARNSCOPE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    said = [subprocess.run(one, capture_output=True, cwd=tmp_path, env=environment) for one in (asked, odd)]
    assert [(one.returncode, one.stderr) for one in said] == [(0, b"")] * 2
    found, told = (json.loads(one.stdout.splitlines()[-1]) for one in said)
    assert [one["word"] for one in found["neighbours"]] == ["café", "\U0001f415"]
    assert os.fsencode(told["text"]) == b"caf\xe9 \xff"


def test_nothing_in_a_file_gives_orders_to_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither in lines nor in JSON; nor does the name of a file that is no text."""
    file = tmp_path / os.fsdecode(b"na\xefve.txt")
    file.write_bytes("\x1b]0;got\x07 1 2\nb 2 1\n\u202e\x9b31m 1 1\n".encode())
    for options in ((), ("--json",)):
        for question in (("neighbours", "b"), ("info",)):
            assert main(["words", str(file), *question, *options]) == 0
            said = capsys.readouterr().out
            assert all(letter.isprintable() or letter == "\n" for letter in said)
            said.encode()
    told = json.loads(asked_of(capsys, file, "neighbours", "b", "--json"))
    assert {row["word"] for row in told["neighbours"]} == {"\x1b]0;got\x07", "\u202e\x9b31m"}


def asked_of(capsys: pytest.CaptureFixture[str], file: Path, *arguments: str) -> str:
    assert main(["words", str(file), *arguments]) == 0
    return capsys.readouterr().out
