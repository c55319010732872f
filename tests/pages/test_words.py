"""The words page: what it asks of a space, held against gensim on the same file; links; words that are not there."""

import ast
import json
import shlex
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.words import load
from engine.words.formula import parse
from engine.words.packaged import packaged
from pages.ui.note_text import Step, parts
from pages.ui.words import unknown
from pages.ui.words.note import read_step, text
from pages.ui.words.sections import SECTIONS
from pages.ui.words.taking import as_csv
from tests.app_server import ROOT
from tests.pages.conftest import OpenPage

LEE = "packaged:lee-fasttext"


def lists(visit: AppTest) -> list[dict]:
    """Return what the lists of words on a page show, those on a board among them."""
    told = [json.loads(element.proto.json) for element in visit.get("bidi_component")]
    return [one for two in told for one in (two, *two.get("lists", ())) if one.get("rows")]


def open_box(visit: AppTest, name: str) -> AppTest:
    """Open a menu, or what else is closed, by what its key ends with; it is filled only then."""
    visit.session_state[f"words.{visit.session_state['learnscope.words'].edition}.{name}"] = True
    visit.run()
    assert not visit.exception
    return visit


def words_of(visit: AppTest) -> list[str]:
    return [row[0] for row in lists(visit)[0]["rows"]]


@pytest.fixture(scope="module", autouse=True)
def opened_before(own_hub: Path):
    """Have some files opened already, so that no job stands between a page and its answer."""
    for name in ("lee-fasttext", "euclidean", "glove"):
        load(packaged(name).path, cache=own_hub / "words")


@pytest.fixture(scope="module")
def gensim_lee():
    from gensim.models.fasttext import load_facebook_vectors

    return load_facebook_vectors(str(packaged("lee-fasttext").path))


def test_neighbours_are_those_of_gensim(page: OpenPage, gensim_lee):
    visit = page("words.py", source=LEE, query="Australia", k="7")
    assert not visit.exception
    expected = gensim_lee.most_similar("Australia", topn=7)
    assert words_of(visit) == [word for word, _ in expected]
    assert [row[1] for row in lists(visit)[0]["rows"]] == [f"{score:.3f}" for _, score in expected]
    ranks = [row[3] for row in lists(visit)[0]["rows"]]
    assert ranks == [f"{gensim_lee.key_to_index[word] + 1:,}" for word, _ in expected]


def test_frequent_words_can_be_left_out_and_rare_ones(page: OpenPage, gensim_lee):
    def expected(**clipped: int) -> list[str]:
        return [word for word, _ in gensim_lee.most_similar("Australia", topn=7, **clipped)]

    visit = page("words.py", source=LEE, query="Australia", k="7", skip="300", top="900")
    assert words_of(visit) == expected(clip_start=300, clip_end=900) != expected(clip_end=900)
    open_box(visit, "how")
    (field,) = [one for one in visit.number_input if one.label == "Without the first words"]
    row = gensim_lee.key_to_index[expected(clip_start=300, clip_end=900)[0]]
    for skip in (row, row + 1):
        field.set_value(skip).run()
        assert words_of(visit) == expected(clip_start=skip, clip_end=900)
        assert visit.query_params["skip"] == str(skip)
    field.set_value(900).run()
    assert not lists(visit)
    assert "up to rank 900" in visit.main.info[0].value


def test_a_mix_and_two_metrics_beside_each_other(page: OpenPage, gensim_lee):
    visit = page("words.py", source=LEE, query="Australia - Sydney + Melbourne", beside="euclidean")
    first, second = lists(visit)
    expected = gensim_lee.most_similar(positive=["Australia", "Melbourne"], negative=["Sydney"], topn=10)
    assert [row[0] for row in first["rows"]] == [word for word, _ in expected]
    assert second["columns"][1] == "Distance"


def test_of_many_words_that_are_not_there_few_are_looked_up(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    """What may be meant takes some computing for each, and a link may name two hundred."""
    looked_up: list[str] = []
    monkeypatch.setattr(unknown, "near_misses", lambda _, word: looked_up.append(word) or ["government"])
    names = [f"qx{number}" for number in range(150)]
    visit = page("words.py", source="packaged:euclidean", section="questions", question="pairs", words=" ".join(names))
    assert not visit.exception
    assert looked_up == names[: unknown.MOST_TOLD]
    assert [one.value for one in visit.warning][unknown.MOST_TOLD :] == [
        f"Not there either: {', '.join(f'**{name}**' for name in names[3:23])} and 127 others."
    ]


def test_a_word_that_is_not_there_is_told_with_what_may_be_meant(page: OpenPage):
    visit = page("words.py", source="packaged:euclidean", query="Goverment")
    assert not visit.exception
    assert "is not among these 2,747 words" in visit.warning[0].value
    offered = [button for button in visit.button if button.label == "government"]
    offered[0].click().run()
    assert visit.query_params["query"] == "government"
    assert not visit.warning


def test_an_unseen_word_of_a_model_with_subwords_is_said_to_be_unseen(page: OpenPage, gensim_lee):
    visit = page("words.py", source=LEE, query="governmentally")
    assert "Never seen" in visit.info[0].value
    assert words_of(visit) == [word for word, _ in gensim_lee.most_similar("governmentally", topn=10)]


def test_hostile_parameters_are_defaults_and_one_notice(page: OpenPage):
    visit = page("words.py", source=LEE, k="1e9", metric="<script>", section="../..", strange="x" * 9_000)
    assert not visit.exception
    assert len(visit.warning) == 1
    assert "k, metric, section, strange" in visit.warning[0].value
    assert lists(visit)


@pytest.mark.parametrize("query", ["", "+", '"', "a b", "- - -", "w" * 900, '"<img src=x onerror=alert(1)>"'])
def test_no_query_breaks_the_page(page: OpenPage, query: str):
    visit = page("words.py", source="packaged:glove", query=query)
    assert not visit.exception


def question(page: OpenPage, kind: str, words: str, **more: str) -> AppTest:
    visit = page("words.py", source=LEE, section="questions", question=kind, words=words, **more)
    assert not visit.exception
    return visit


def test_two_words_are_compared_as_gensim_does(page: OpenPage, gensim_lee):
    visit = question(page, "similarity", "Australia Sydney")
    cosine = float(gensim_lee.similarity("Australia", "Sydney"))
    a, b = gensim_lee["Australia"], gensim_lee["Sydney"]
    told = {metric.label: metric.value for metric in visit.metric}
    assert told == {
        "Cosine": f"{cosine:.3f}",
        "Angle": f"{np.degrees(np.arccos(cosine)):.1f}°",
        "Distance": f"{np.linalg.norm(a - b):.3f}",
        "Dot product": f"{a @ b:.3f}",
    }
    fifth = gensim_lee.most_similar("Australia", topn=5)[4][0]
    visit = question(page, "similarity", f"Australia {fifth}")
    assert "is neighbour number **5** of **Australia**" in " ".join(text.value for text in visit.markdown)


def test_the_odd_one_out_is_that_of_gensim(page: OpenPage, gensim_lee):
    words = ["government", "minister", "president", "water"]
    visit = question(page, "odd", " ".join(words))
    odd = gensim_lee.doesnt_match(words)
    assert f"**{odd}**" in " ".join(text.value for text in visit.markdown)
    assert words_of(visit)[-1] == odd
    assert lists(visit)[0]["marked"] == [odd]


def test_between_pairs_axis_and_phrase(page: OpenPage, gensim_lee):
    units = gensim_lee.get_normed_vectors()
    index = gensim_lee.key_to_index
    a, b = units[index["Australia"]], units[index["water"]]
    smaller = np.minimum(units @ a, units @ b)
    smaller[[index["Australia"], index["water"]]] = -1
    expected = [gensim_lee.index_to_key[row] for row in np.argsort(-smaller)[:10]]
    assert words_of(question(page, "between", "Australia water")) == expected

    pairs = question(page, "pairs", "Australia water Sydney")
    best = max(combinations(["Australia", "water", "Sydney"], 2), key=lambda pair: gensim_lee.similarity(*pair))
    assert words_of(pairs)[0] == " · ".join(best)

    axis = question(page, "axis", "water minister", ends="Australia Sydney")
    direction = units[index["Australia"]] - units[index["Sydney"]]
    direction /= np.linalg.norm(direction)
    places = {word: float(units[index[word]] @ direction) for word in ("water", "minister")}
    shown = {row[0]: row[1] for row in lists(axis)[0]["rows"]}
    assert shown == {word: f"{value:.3f}".replace("-", "−") for word, value in places.items()}

    (chart,) = axis.get("plotly_chart")
    (drawn,) = json.loads(chart.proto.spec)["data"]
    assert dict(zip(drawn["text"], drawn["x"], strict=True)) == pytest.approx(places, abs=1e-6)
    assert "Sydney to Australia" in chart.proto.alt

    plane = question(page, "axis", "water minister", ends="Australia Sydney", across="government people, Mr man")
    steps = [units[index[a]] - units[index[b]] for a, b in (("government", "people"), ("Mr", "man"))]
    second = np.sum([step / np.linalg.norm(step) for step in steps], axis=0)
    second /= np.linalg.norm(second)
    up = {word: float(units[index[word]] @ second) for word in places}
    (drawn,) = json.loads(plane.get("plotly_chart")[0].proto.spec)["data"]
    assert dict(zip(drawn["text"], drawn["x"], strict=True)) == pytest.approx(places, abs=1e-6)
    assert dict(zip(drawn["text"], drawn["y"], strict=True)) == pytest.approx(up, abs=1e-6)
    assert {row[0]: row[3] for row in lists(plane)[0]["rows"]} == {
        word: f"{value:.3f}".replace("-", "−") for word, value in up.items()
    }
    (field,) = [one for one in plane.text_input if one.label == "Pairs that give a second axis"]
    field.set_value("Australia Sydney water").run()
    assert "pair" in plane.warning[0].value
    assert not plane.get("plotly_chart")

    phrase = question(page, "centre", "government minister")
    near = gensim_lee.most_similar(positive=["government", "minister"], topn=10)
    assert words_of(phrase) == [word for word, _ in near]


@pytest.mark.parametrize("kind", ["similarity", "odd", "between", "pairs", "axis", "centre"])
@pytest.mark.parametrize("words", ["", '"', "one", "nowhere-to-be-found-xyz", "a,b,c,d,e,f", "the " * 200])
def test_no_question_breaks_the_page(page: OpenPage, kind: str, words: str):
    visit = page("words.py", source="packaged:glove", section="questions", question=kind, words=words, ends="a")
    assert not visit.exception


def test_what_is_taken_away_is_no_formula_to_a_spreadsheet():
    rows = [{"word": "=1+1", "score": -0.5}, {"word": "@x", "score": 1.0}, {"word": 'a,"b', "score": 0.25}]
    text = as_csv(rows)
    assert text.splitlines() == ["word,score", "'=1+1,-0.5", "'@x,1.0", '"a,""b",0.25']


def test_the_same_by_hand_gives_the_same(page: OpenPage, gensim_lee):
    visit = page("words.py", source=LEE, query="Australia - Sydney + Melbourne", k="5")
    shown = words_of(visit)
    command, _, *lines = open_box(visit, "take.words-neighbours").code[0].value.splitlines()
    words = shlex.split(command)
    assert words[:5] == ["python", "-m", "engine", "words", "lee_fasttext.bin"]
    words[4] = str(packaged("lee-fasttext").path)
    said = subprocess.run([sys.executable, *words[1:], "--json"], capture_output=True, check=True, cwd=ROOT)
    assert [one["word"] for one in json.loads(said.stdout)["neighbours"]] == shown
    call = ast.parse(lines[-1]).body[0].value
    arguments = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
    assert [word for word, _ in gensim_lee.most_similar(**arguments)] == shown


def test_every_step_of_the_note_can_be_taken():
    steps = [part for part in parts(text()) if isinstance(part, Step)]
    assert len(steps) >= 10
    for step in steps:
        set_up = read_step(step.settings)
        assert set_up.asked.section in SECTIONS
        for formula in filter(None, (set_up.asked.query, set_up.asked.formula)):
            parse(formula)
