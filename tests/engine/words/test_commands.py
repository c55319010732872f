"""``python -m engine words``."""

import json
from pathlib import Path

import pytest
from gensim.test.utils import datapath

from engine.__main__ import main

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


def test_a_suite_by_name_and_by_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = json.loads(asked(capsys, "score", "question-words", "--restrict", "1000", "--json"))["sections"]
    assert rows[-1]["section"] == "total"
    assert sum(row["correct"] for row in rows[:-1]) == rows[-1]["correct"]
    assert json.loads(asked(capsys, "score", "simlex999", "--json"))["pairs"] > 0
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
