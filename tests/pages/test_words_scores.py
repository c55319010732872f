"""Scores on the page: each number is that of the same suite asked of the same file, by gensim and by our own hand."""

import time
from pathlib import Path

import pytest
from gensim.models.fasttext import load_facebook_vectors
from gensim.test.utils import datapath
from streamlit.testing.v1 import AppTest

from engine.words import evaluate, load
from engine.words.packaged import packaged
from tests.pages.conftest import OpenPage
from tests.pages.test_words import lists

LEE = "packaged:lee-fasttext"
PATIENCE = 120.0


@pytest.fixture(scope="module", autouse=True)
def space(own_hub: Path):
    return load(packaged("lee-fasttext").path, cache=own_hub / "words")


def asked(page: OpenPage, suite: str) -> AppTest:
    """Open a suite, ask it of the space, and return the page when it has been answered."""
    visit = page("words.py", source=LEE, section="scores", suite=suite)
    for button in visit.button:
        if button.label == "Ask this suite":
            button.click().run()
    until = time.monotonic() + PATIENCE
    while not visit.metric:
        assert not [*visit.exception, *visit.error]
        assert time.monotonic() < until
        time.sleep(0.2)
        visit.run()
    return visit


def test_accuracy_is_told_by_section_and_in_total(page: OpenPage, space):
    visit = asked(page, "question-words")
    ours = evaluate.question_words(space, datapath("questions-words.txt"))
    model = load_facebook_vectors(str(packaged("lee-fasttext").path))
    share, theirs = model.evaluate_word_analogies(datapath("questions-words.txt"), dummy4unknown=False)
    total = theirs[-1]
    correct, of = len(total["correct"]), len(total["correct"]) + len(total["incorrect"])
    assert 0 < correct < of
    assert share == correct / of
    assert visit.metric[0].value == f"{correct / of:.1%}"
    told = [one.value for one in visit.main.markdown]
    assert f"{correct:,} of {of:,} analogies are answered rightly. An answer by chance is right once in 1,762." in told
    skipped = ours.total.skipped
    assert skipped == 19_544 - of
    assert f"{skipped:,} more ({skipped / 19_544:.0%})" in visit.warning[0].value.replace("\\", "")
    rows = {row[0]: [row[1], *row[3:]] for row in lists(visit)[0]["rows"]}
    assert len(rows) == 14
    for one in ours.sections:
        accuracy = f"{one.correct / one.asked:.1%}" if one.asked else "–"
        assert rows[one.name] == [accuracy, f"{one.correct:,}", f"{one.asked:,}", f"{one.skipped:,}"]
    for one in theirs[:-1]:
        if len(one["correct"]) + len(one["incorrect"]):
            assert rows[one["section"]][1] == f"{len(one['correct']):,}"


def test_agreement_with_people_is_told(page: OpenPage):
    visit = asked(page, "wordsim353")
    model = load_facebook_vectors(str(packaged("lee-fasttext").path))
    file = datapath("wordsim353.tsv")
    pairs = [line.split("\t")[:2] for line in Path(file).read_text().splitlines() if not line.startswith("#")]
    known = {word.upper() for word in model.key_to_index}
    there = sum(a.upper() in known and b.upper() in known for a, b in pairs)
    pearson, spearman, _ = model.evaluate_word_pairs(file, dummy4unknown=False)
    minus = str.maketrans("-", "−")
    assert {one.label: one.value for one in visit.metric} == {
        "Spearman": f"{spearman[0]:.3f}".translate(minus),
        "Pearson": f"{pearson[0]:.3f}".translate(minus),
        "Pairs": f"{there:,}",
    }
    missing = len(pairs) - there
    assert f"{missing} more ({missing / len(pairs):.0%})" in visit.warning[0].value.replace("\\", "")


def test_in_a_space_without_the_words_of_a_suite_that_is_said(page: OpenPage, own_hub: Path):
    load(packaged("poincare").path, cache=own_hub / "words")
    visit = page("words.py", source="packaged:poincare", section="scores", suite="question-words")
    visit.button(key="words.score.go").click().run()
    until = time.monotonic() + PATIENCE
    while not visit.main.info:
        assert time.monotonic() < until
        time.sleep(0.2)
        visit.run()
    assert visit.main.info[0].value == "None of the 19,544 analogies has all its words in this space."
