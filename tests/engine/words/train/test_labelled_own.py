"""Texts with labels that people bring: read in both forms, within limits; what is told of them by scikit-learn and
scipy.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, confusion_matrix

from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping import home
from engine.words.texts import own
from engine.words.train import ClassifierSpec, classifier, classifier_work, labelled_own
from engine.words.train.classifier_order import order
from engine.words.train.classifier_work import held_out, learn, result_of
from engine.words.train.labelled import Labelled, made_up
from engine.words.train.labelled_spec import LabelledSpec, settled

SPEC = ClassifierSpec(longest=1, epochs=4)
TEXTS = list(made_up(count=600))
FAIR = "".join(f"__label__{'good' if n % 2 else 'bad'} word{n % 2} day\n" for n in range(20))


pytestmark = pytest.mark.usefixtures("reader", "own_home")


def brought(data: str | bytes, name: str = "texts.txt", **settings: str) -> LabelledSpec:
    data = data.encode() if isinstance(data, str) else data
    asked = own.keep(home(), [data], name, "ann")
    return LabelledSpec.from_strings({"labelled": "own", "own": asked, **settings})


def read(spec: LabelledSpec) -> list[Labelled]:
    return through(labelled_own.reading(settled(spec)))[1]


def learnt(spec: LabelledSpec, ask: str = "", how: ClassifierSpec = SPEC) -> tuple[list[Progress], dict[str, Any]]:
    return through(learn(json.loads(order(how, spec, ask).arguments)))


def through(going: Any) -> tuple[list[Progress], Any]:
    told = []
    while True:
        try:
            told.append(next(going))
        except StopIteration as end:
            return told, end.value


def table_of(texts: list[Labelled], delimiter: str = ",") -> str:
    rows = [f'{at}{delimiter}"{text}"{delimiter}{label}' for at, (label, text) in enumerate(texts)]
    return "\n".join([delimiter.join(("id", "said", "topic")), *rows])


def test_lines_and_tables_say_the_same(own_home: Path):
    lines = "\n".join(f"__label__{label} {text}" for label, text in TEXTS)
    assert read(brought(lines)) == TEXTS
    assert read(brought(gzip.compress(lines.encode()), "texts.txt.gz")) == TEXTS
    asked = {"column": "said", "label": "topic"}
    assert read(brought(table_of(TEXTS), "texts.csv", **asked)) == TEXTS
    assert read(brought(gzip.compress(table_of(TEXTS, ";").encode()), "texts.csv.gz", **asked)) == TEXTS
    few = TEXTS[:5] * 2
    swapped = read(brought(table_of(few), "texts.csv", column="topic", label="said"))
    assert swapped == [(text, label) for label, text in few]


def test_columns_hold_by_themselves_where_there_are_two():
    two = brought("said,mood\nthe dog barks loudly,bad\nthe cat sleeps all day,good\n", "two.csv")
    chosen = lambda spec: (settled(spec).column, settled(spec).label)  # noqa: E731
    assert chosen(two) == ("said", "mood")
    assert chosen(two.replace(label="said")) == ("mood", "said")
    assert chosen(two.replace(column="mood")) == ("mood", "said")
    three = brought(table_of(TEXTS), "three.csv")
    for unsettled in (three, three.replace(label="said")):
        with pytest.raises(DataError, match="Choose the column that has the labels, and the one that has the texts"):
            settled(unsettled)
    assert chosen(three.replace(label="topic")) == ("said", "topic")
    with pytest.raises(DataError, match="'topic' is chosen for the texts and for the labels"):
        settled(three.replace(column="topic", label="topic"))
    with pytest.raises(DataError, match=r"has no column 'who': expected one of 'id', 'said', 'topic'"):
        read(three.replace(label="who"))


def test_rows_without_a_label_or_a_cell_are_left_out():
    rows = "said,mood\none,good\ntwo, \nthree\nfour,bad\n,good\n"
    assert read(brought(rows, "moods.csv")) == [("good", "one"), ("bad", "four"), ("good", "")]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        ("no label here\n", "a.txt", "a.txt, line 1: expected __label__NAME first, received 'no'"),
        ("__label__a one\n__label__a two\n", "a.txt", "All texts of a.txt have the same label, 'a'"),
        ("__label__a one\n__label__b two\n", "a.txt", "No two texts of a.txt have the same label"),
        ("__label__a __label__b one\n", "a.txt", "a.txt, line 1 has more than one label"),
        ("said,mood\none,\ntwo,\n", "a.csv", "a.csv has no text with a label"),
        ("said,mood\none,a\ntwo,a\n", "a.csv", "All texts of a.csv have the same label, 'a'"),
        (b"__label__a caf\xe9 au lait\n", "a.txt", "as Windows-1252, Western Europe it reads"),
    ],
)
def test_what_cannot_be_learnt_from_is_told_in_a_sentence(data: str | bytes, name: str, said: str):
    with pytest.raises(DataError) as told:
        read(brought(data, name))
    assert said in str(told.value)


def test_what_is_too_long_is_told(monkeypatch: pytest.MonkeyPatch):
    spec = brought(FAIR)
    for limit, value in (("MOST_TEXTS", 19), ("MOST_LETTERS", 100)):
        with monkeypatch.context() as patch:
            patch.setattr(labelled_own, limit, value)
            with pytest.raises(DataError, match=r"texts.txt is too long for its labels to be learnt here: expected at"):
                read(spec)
    assert len(read(spec)) == 20
    many = brought("".join(f"__label__{n // 2} one\n" for n in range(2 * labelled_own.MOST_LABELS + 2)))
    with pytest.raises(DataError, match="has 501 different labels: expected at most 500"):
        read(many)


def test_texts_of_one_label_that_chance_holds_out_whole_are_learnt_from():
    texts = [("often", f"text {n}") for n in range(99)] + [("once", "here")]
    for seed in range(30):
        train, test = held_out(texts, seed)
        assert ("once", "here") in train
        assert sorted(train + test) == sorted(texts)
        assert 19 <= len(test) <= 20
    few = [("a", "x"), ("a", "y"), ("b", "z")]
    seed = next(seed for seed in range(30) if not held_out(few, seed)[1])
    lines = "".join(f"__label__{label} {text}\n" for label, text in few)
    with pytest.raises(DataError, match="Of 3 texts none can be held out to be told"):
        learnt(brought(lines), how=SPEC.replace(seed=seed))


def test_what_is_told_is_that_of_scikit_learn_and_scipy():
    spec = brought("\n".join(f"__label__{label} {text}" for label, text in TEXTS))
    ask = TEXTS[3][1]
    told, result = learnt(spec, ask)
    train, test = held_out(TEXTS, SPEC.seed)
    found = classifier(train, SPEC)
    true, guessed = [label for label, _ in test], [found.label(text) for _, text in test]
    assert result["accuracy"] == accuracy_score(true, guessed)
    assert 0 < result["right"] < len(test), "else nothing is mistaken"
    interval = binomtest(result["right"], len(test)).proportion_ci(0.95, "wilson")
    assert result["interval"] == pytest.approx([interval.low, interval.high])
    mistaken = result["mistaken"]
    np.testing.assert_array_equal(mistaken["counts"], confusion_matrix(true, guessed, labels=mistaken["labels"]))
    assert sorted(mistaken["labels"]) == sorted(result["labels"])
    expected = found.explain(ask)
    assert (result["label"], result["score"]) == (expected.label, expected.score)
    assert result["reasons"] == [list(one) for one in expected.reasons]
    shares = [one.share for one in told if one.share is not None]
    assert shares == sorted(shares)
    assert shares[-1] < 1
    assert [one.words for one in told if "epoch" in one.words][-1].startswith("epoch 4 of 4, loss ")


def test_of_many_labels_the_rare_ones_are_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(classifier_work, "SHOWN_LABELS", 4)
    train, test = held_out(TEXTS, 1)
    found = classifier(train, SPEC)
    mistaken = result_of(found, train, test)["mistaken"]
    labels, counts = mistaken["labels"], np.array(mistaken["counts"])
    assert len(labels) == 3
    often = sorted(found.labels, key=lambda label: (-sum(one == label for one, _ in TEXTS), label))
    assert labels == often[:3]
    fold = lambda label: label if label in labels else "rest"  # noqa: E731
    true, guessed = [fold(label) for label, _ in test], [fold(found.label(text)) for _, text in test]
    np.testing.assert_array_equal(counts, confusion_matrix(true, guessed, labels=[*labels, "rest"]))


def test_a_label_of_one_text_is_told():
    _, result = learnt(brought(FAIR + "__label__once upon a time\n"))
    assert result["single"] == ["once"]
    assert result["texts"] + result["told"] == 21


def test_a_file_on_the_server_that_was_changed_is_learnt_again(own_home: Path, monkeypatch: pytest.MonkeyPatch):
    (own_home / "library").mkdir()
    file = own_home / "library" / "fair.txt"
    file.write_text(FAIR, encoding="utf-8")
    monkeypatch.setenv("LEARNSCOPE_TEXTS", str(own_home / "library"))
    spec = LabelledSpec(labelled="own", own="server:library/fair.txt")
    first = order(SPEC, spec, "")
    assert first == order(SPEC, spec.replace(column="nothing"), ""), "lines have no columns"
    assert learnt(spec)[1]["texts"] == 16
    file.write_text(FAIR * 2, encoding="utf-8")
    assert order(SPEC, spec, "") != first
    file.unlink()
    with pytest.raises(DataError, match="on this server"):
        order(SPEC, spec, "")
    assert order(SPEC, LabelledSpec(own="gone"), "") == order(SPEC, LabelledSpec(), "")
