"""Analogies on the page: what each method answers is held against gensim and plain arithmetic; the picture too."""

import ast
import json
import re
import shlex
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from pandas import DataFrame
from streamlit.testing.v1 import AppTest

from engine.words import load
from engine.words.gallery import GALLERY
from engine.words.packaged import packaged
from pages.ui.words.asked import METHODS
from tests.app_server import ROOT
from tests.pages.conftest import OpenPage
from tests.pages.test_words import lists, open_box

SPACE = "packaged:euclidean"
ASKED = "king - man + woman"
POSITIVE, NEGATIVE = ["king", "woman"], ["man"]


def opened(page: OpenPage, **address: str) -> AppTest:
    visit = page("words.py", **{"source": SPACE, "section": "analogies"} | address)
    assert not visit.exception
    return visit


def answers(visit: AppTest) -> dict[str, list[list[str]]]:
    """Return what the lists of the methods show, by the method."""
    shown = {one["title"].rpartition(" by ")[2]: one["rows"] for one in lists(visit)}
    assert list(shown) == [title for title in METHODS.values() if title in shown]
    return shown


def board(visit: AppTest) -> dict:
    """Return what stands on the board, empty where there is none."""
    told = [json.loads(element.proto.json) for element in visit.get("bidi_component")]
    return next((one for one in told if "lists" in one), {})


def sentences(visit: AppTest) -> list[str]:
    """Return where the expected word came, by each method."""
    return ["".join(one["told"]) for one in board(visit).get("lists", ()) if one["told"]]


def shown(score: float) -> str:
    return f"{score:.3f}".replace("-", "−")


def by_hand(
    model: KeyedVectors, method: str, positive: Sequence[str] = POSITIVE, negative: Sequence[str] = NEGATIVE
) -> np.ndarray:
    """Return the scores of all words by a method, in float64."""
    u = model.vectors.astype(float)
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    c, b, a = (u[model.key_to_index[word]] for word in (*positive, *negative))
    if method == "3CosAdd":
        return u @ (c + b - a) / np.linalg.norm(c + b - a)
    if method == "3CosMul":
        return (1 + u @ c) / 2 * (1 + u @ b) / 2 / ((1 + u @ a) / 2 + 1e-6)
    steps = u - c
    return steps @ (b - a) / np.linalg.norm(b - a) / np.maximum(np.linalg.norm(steps, axis=1), 1e-12)


@pytest.fixture(scope="module", autouse=True)
def opened_before(own_hub: Path):
    """Have the file opened already, so that no job stands between a page and its answer."""
    load(packaged("euclidean").path, cache=own_hub / "words")


@pytest.fixture(scope="module")
def model() -> KeyedVectors:
    return KeyedVectors.load_word2vec_format(str(packaged("euclidean").path), binary=True)


def mul(model: KeyedVectors, k: int) -> list[tuple[str, float]]:
    """Return gensim's own answers by 3CosMul; its way there is deprecated in itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return model.most_similar_cosmul(positive=POSITIVE, negative=NEGATIVE, topn=k)


def test_three_methods_stand_beside_each_other(page: OpenPage, model: KeyedVectors):
    found = answers(opened(page, formula=ASKED, k="6"))
    assert set(found) == set(METHODS.values())
    added = model.most_similar(positive=POSITIVE, negative=NEGATIVE, topn=6)
    for method, expected in (("3CosAdd", added), ("3CosMul", mul(model, 6))):
        assert [row[:2] for row in found[method]] == [[word, shown(score)] for word, score in expected]
    scores = by_hand(model, "Pair direction")
    scores[[model.key_to_index[word] for word in (*POSITIVE, *NEGATIVE)]] = -np.inf
    best = np.argsort(-scores)[:6]
    expected = [[model.index_to_key[row], shown(scores[row])] for row in best]
    assert [row[:2] for row in found["Pair direction"]] == expected


def test_the_same_by_hand_gives_the_same(page: OpenPage, model: KeyedVectors):
    visit = opened(page, formula=ASKED, k="4", inputs="True")
    found = answers(visit)
    commands, _, calls = open_box(visit, "take.words-analogy").code[0].value.partition("\n\n")
    for command, method in zip(commands.splitlines(), METHODS.values(), strict=True):
        words = shlex.split(command)
        words[4] = str(packaged("euclidean").path)
        said = subprocess.run([sys.executable, *words[1:], "--json"], capture_output=True, check=True, cwd=ROOT)
        told = [[one["word"], shown(one["score"])] for one in json.loads(said.stdout)["answers"]]
        assert told == [row[:2] for row in found[method]]
    for line, method in zip(calls.splitlines()[-2:], ("3CosAdd", "3CosMul"), strict=True):
        call = ast.parse(line).body[0].value
        arguments = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
        with warnings.catch_warnings(action="ignore"):  # gensim calls what it has deprecated itself
            best = [[word, shown(score)] for word, score in getattr(model, call.func.attr)(**arguments)]
        inputs = (*POSITIVE, *NEGATIVE)
        assert best[:2] == [row[:2] for row in found[method] if row[0] not in inputs][:2]


@pytest.mark.parametrize("expected", ["queen", "australia"])
def test_where_the_expected_word_came(page: OpenPage, model: KeyedVectors, expected: str):
    visit = opened(page, formula=ASKED, expected=expected)
    for method, sentence in zip(METHODS.values(), sentences(visit), strict=True):
        scores = by_hand(model, method)
        scores[[model.key_to_index[word] for word in (*POSITIVE, *NEGATIVE)]] = -np.inf
        row = model.key_to_index[expected]
        rank = 1 + int((scores > scores[row]).sum())
        others = np.where(np.arange(len(scores)) == row, -np.inf, scores)
        margin = scores[row] - others.max()
        assert (f"answer {rank:,}," if rank > 1 else "the best answer,") in sentence
        side = "ahead of" if margin >= 0 else "behind"
        assert f"{abs(margin):.3f} {side} {model.index_to_key[int(others.argmax())]}" in sentence
        assert [row[0] for row in answers(visit)[method]].count(expected) == (rank <= 10)


def test_a_word_of_the_formula_is_often_the_best_answer_and_that_is_said(page: OpenPage, model: KeyedVectors):
    ((near, _),) = model.most_similar("man", topn=1)  # a step that leads nearly nowhere
    visit = opened(page, formula=f"king - man + {near}")
    assert not visit.main.info
    open_box(visit, "how")
    (switch,) = [one for one in visit.toggle if one.label == "Input words may be answers"]
    switch.set_value(True).run()
    best = {method: rows[0][0] for method, rows in answers(visit).items()}
    for method in ("3CosAdd", "3CosMul"):
        scores = by_hand(model, method, ["king", near], ["man"])
        assert best[method] == model.index_to_key[int(scores.argmax())]
    assert best["3CosAdd"] == "king"
    told = {method: word for method, word in best.items() if word in ("king", "man", near)}
    assert "A word of the formula itself is the best answer" in visit.main.info[0].value
    assert all(f"{method} with **{word}**" in visit.main.info[0].value for method, word in told.items())
    assert planes(visit), "the best answer that is no word of the formula is drawn"


def planes(visit: AppTest) -> list[dict]:
    """Return what the pictures on a page show."""
    return list(filter(None, [board(visit).get("picture")]))


def numbers_of(visit: AppTest) -> DataFrame:
    """Return the table below the picture, which is made when it is opened."""
    visit.session_state["words.analogies.numbers"] = True
    visit.run()
    return visit.table[0].value


def long(arrow: dict) -> float:
    """Return the length of an arrow in the plane."""
    return float(np.hypot(*np.subtract(arrow["to"], arrow["from"])))


def test_the_picture_and_its_numbers(page: OpenPage, model: KeyedVectors):
    visit = opened(page, formula=ASKED, expected="queen")
    u = {word: model[word].astype(float) / np.linalg.norm(model[word]) for word in (*POSITIVE, *NEGATIVE, "queen")}
    a, b, c, d = u["man"], u["woman"], u["king"], u["queen"]
    (plane,) = planes(visit)
    first, second = plane["arrows"]
    assert long(first) == pytest.approx(np.linalg.norm(b - a), abs=1e-5)
    assert np.hypot(*second["from"]) == pytest.approx(np.linalg.norm(c - a), abs=1e-5)
    shares, rest, *_ = np.linalg.lstsq(np.stack([b - a, c - a], axis=1), d - c, rcond=None)
    drawn = np.linalg.norm(np.stack([b - a, c - a], axis=1) @ shares)
    assert long(second) == pytest.approx(drawn, abs=1e-5)
    assert {"man", "woman", "king", "queen"} <= {one["label"] for one in plane["points"]}
    assert [one["at"] for one in plane["points"] if one["label"] == "king"] == [second["from"]]
    numbers = {name: value for name, value, _ in plane["measures"]}
    cosine = (b - a) @ (d - c) / np.linalg.norm(b - a) / np.linalg.norm(d - c)
    assert numbers["Angle"] == f"{np.degrees(np.arccos(cosine)):.1f}°"
    assert numbers["Length ratio"] == f"{np.linalg.norm(d - c) / np.linalg.norm(b - a):.2f}"
    assert numbers["Outside"] == f"{np.sqrt(rest[0]):.2f}"
    assert "man to woman" in plane["alt"]
    table = numbers_of(visit)
    assert list(table["word"])[:4] == ["man", "woman", "king", "queen"]
    assert list(table["outside"])[:4] == ["0.000", "0.000", "0.000", f"{np.sqrt(rest[0]):.3f}"]
    assert list(table["across"])[3] == shown(second["to"][1])


def test_without_an_expected_word_the_best_answer_is_drawn(page: OpenPage, model: KeyedVectors):
    visit = opened(page, formula=ASKED)
    ((best, _),) = model.most_similar(positive=POSITIVE, negative=NEGATIVE, topn=1)
    assert list(numbers_of(visit)["word"])[3] == best


def test_what_is_missing_is_told_with_what_may_be_meant(page: OpenPage):
    visit = opened(page, formula="goverment - man + woman", expected="peple")
    assert "goverment" in visit.main.warning[0].value
    assert not lists(visit)
    next(button for button in visit.button if button.label == "government").click().run()
    assert visit.query_params["formula"] == "government - man + woman"
    assert "peple" in visit.main.warning[0].value
    assert len(lists(visit)) == 3
    next(button for button in visit.button if button.label == "people").click().run()
    assert visit.query_params["expected"] == "people"
    assert len(sentences(visit)) == 3
    assert not visit.main.warning


def test_the_four_words_can_be_asked_otherwise(page: OpenPage):
    turns = board(opened(page, formula=ASKED, expected="queen"))["turns"]
    assert ["queen - woman + man", "king"] in turns
    for formula, expected in turns:
        c, _, a, _, b = formula.split()
        assert {a, b, c, expected} == {"king", "man", "woman", "queen"}
        assert {b, c} in ({"king", "woman"}, {"man", "queen"}), "those added lie across from each other"
    assert not board(opened(page, formula="king"))["turns"]


def plain(text: str) -> str:
    return re.sub(r"([-+])", r"\\\1", text)


def test_what_was_expected_of_one_formula_is_not_of_the_next(page: OpenPage):
    visit = opened(page, formula=ASKED, expected="queen")
    field = next(one for one in visit.text_input if one.label == "Formula")
    field.set_value("king - man + wife").run()
    assert next(one for one in visit.text_input if one.label == "Expected").value == ""
    assert not sentences(visit)
    menus = [one.proto for one in visit.get("menu_button")]
    before = next(menu for menu in menus if menu.label == "History")
    assert list(before.options) == [plain(ASKED)]


@pytest.mark.parametrize(
    ("formula", "methods", "picture"),
    [
        ("king", 2, 0),
        ("king + woman", 2, 0),
        ("king - man + king", 3, 1),
        ("king - king + woman", 3, 1),
        ("king - woman + woman", 2, 1),
        ("king - king", 1, 0),
        (" + ".join(["king", "woman"] * 10), 2, 0),
    ],
)
def test_formulas_of_other_kinds(page: OpenPage, formula: str, methods: int, picture: int):
    visit = opened(page, formula=formula)
    assert len(lists(visit)) == methods
    assert len(planes(visit)) == picture
    assert len([one for one in board(visit)["lists"] if "direction" in one["why"]]) == 3 - methods


@pytest.mark.parametrize(
    "formula",
    ["+", '"', "a b", "- king", "- - -", "w" * 900, '"<img src=x onerror=alert(1)>"', " + ".join(["king"] * 21)],
)
def test_what_is_no_formula_is_told_in_a_sentence(page: OpenPage, formula: str):
    visit = opened(page, formula=formula)
    assert len(visit.main.warning) == 1
    assert not lists(visit)
    assert "<img" not in "".join(one.value for one in visit.main.markdown)


def view(visit: AppTest, name: str) -> AppTest:
    (control,) = [one for one in visit.button_group if one.label == "View"]
    visit.session_state[control.key] = name
    visit.run()
    assert not visit.exception
    return visit


def press(visit: AppTest, label: str) -> AppTest:
    next(button for button in visit.button if button.label == label).click().run()
    assert not visit.exception
    return visit


def test_a_failure_of_one_word_is_asked_among_the_neighbours(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    entry = replace(next(one for one in GALLERY if one.metric == "dot"), name="loud", formula="king", expected="queen")
    monkeypatch.setattr("pages.ui.words.failures.gallery", lambda _: [entry])
    visit = press(view(opened(page, formula=ASKED), "Where it fails"), "Ask it")
    asked = {name: visit.query_params[name] for name in ("query", "metric")}
    assert asked == {"query": "king", "metric": "dot"}
    assert lists(visit)[0]["title"] == "Neighbours of king by Dot product"
