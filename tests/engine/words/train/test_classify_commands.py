"""``python -m engine words-classify``."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.words.train import ClassifierSpec, classifier
from engine.words.train.labelled import made_up


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    assert main(["words-classify", *map(str, arguments)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return [json.loads(line) for line in printed.out.splitlines()]


def test_it_tells_what_the_call_learns(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    texts = list(made_up(count=400))
    for name, some in (("train.txt", texts[:300]), ("test.txt", texts[300:])):
        lines = [f"__label__{label} {text}" for label, text in some]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    ask = texts[350][1]
    *epochs, result, asked = told(
        capsys, tmp_path / "train.txt", "--test", tmp_path / "test.txt", "--ask", ask, "--set", "epochs=3"
    )
    assert [(one["epoch"], one["epochs"]) for one in epochs] == [(1, 3), (2, 3), (3, 3)]
    found = classifier(texts[:300], ClassifierSpec(epochs=3))
    right = sum(found.label(text) == label for label, text in texts[300:])
    assert result["result"]["right"] == right
    assert result["result"]["accuracy"] == right / 100
    assert (result["result"]["texts"], result["result"]["told"]) == (300, 100)
    assert result["result"]["features"] == len(found.features)
    expected = found.explain(ask)
    assert (asked["text"], asked["label"], asked["score"]) == (ask, expected.label, expected.score)
    assert asked["shares"] == expected.shares
    assert asked["reasons"] == [list(one) for one in expected.reasons[:8]]


def test_a_part_is_held_out_of_the_made_up_world(capsys: pytest.CaptureFixture[str]):
    *_, last = told(capsys, "world", "--set", "longest=1")
    result = last["result"]
    assert (result["texts"], result["told"]) == (1_600, 400)
    assert result["accuracy"] > 0.95 > 0.5 > result["accuracy_of_the_most_frequent_label"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nothing.txt",), "nothing.txt is no file"),
        (("world", "--set", "epochs=0"), "epochs: expected a whole number from 1"),
        (("world", "--text", "rule=bpe"), "expected no pieces"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["words-classify", *arguments]) == 2
    assert complaint in capsys.readouterr().err
