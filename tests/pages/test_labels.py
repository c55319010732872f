"""Labels of texts on the page: of the made-up world, and of texts that people bring; or told why not."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest

from engine.jobs import Jobs
from engine.keeping import home
from engine.seeds import numpy_generator
from engine.words.texts import own
from engine.words.train import ClassifierSpec, classifier
from engine.words.train.classifier_work import held_out
from engine.words.train.labelled import made_up
from pages.ui import bringing
from pages.ui.corpus.labels import FORMS
from pages.ui.text import plain
from pages.ui.words import room
from tests.hostile.payloads import MARKDOWN, PAYLOADS
from tests.pages.conftest import OpenPage
from tests.pages.test_own_texts import press
from tests.pages.test_playground import address_of
from tests.pages.test_text_explorer import NAME, OURS, markup, numbers, opened, tables
from tests.pages.waiting import told, until

TEXTS = list(made_up(count=400))
LINES = "\n".join(f"__label__{label} {text}" for label, text in TEXTS)


@pytest.fixture(scope="module", autouse=True)
def own_room(own_hub: Path) -> Iterator[None]:
    room.close()
    yield
    room.close()


def labels(page: OpenPage, **asked: str) -> AppTest:
    """Open the view with texts of one's own."""
    return page("train_words.py", corpus=NAME, **{"text.view": "labels", "text.labelled": "own"} | asked)


def test_a_label_is_told_with_what_speaks_for_it(page: OpenPage):
    ask = "the dog has puppies <b>"
    visit = opened(page, "labels", **{"text.ask": ask, "text.longest": "1", "text.epochs": "3"})
    texts = list(made_up())
    order = numpy_generator(1, "held out").permutation(len(texts)).tolist()
    test = [texts[at] for at in order[:400]]
    found = classifier([texts[at] for at in order[400:]], ClassifierSpec(longest=1, epochs=3))
    right = sum(found.label(text) == label for label, text in test)
    told = {one.label: one.value for one in visit.metric}
    assert (told["Told right"], told["Features"]) == (f"{right / 400:.1%}", f"{len(found.features):,}")
    shares, reasons, _ = tables(visit)
    expected = found.explain(ask)
    assert {name: row[0] for name, row in shares.items()} == {"heads": "share"} | {
        name: f"{share:.1%}" for name, share in expected.shares.items()
    }
    for name, adds in expected.reasons:
        assert numbers(reasons[name])[0] == pytest.approx(adds, abs=6e-4)
    assert numbers(reasons["score"])[0] == pytest.approx(expected.score, abs=6e-4)
    assert {"the", "dog", "has", "puppies", "b"} == {name for name, _ in expected.reasons} | {"puppies", "b"}
    assert any(one.value.endswith("hardly have them: puppies, b.") for one in visit.caption)
    assert next(iter(shares)) == "heads"
    assert list(shares)[1] == expected.label
    assert "is known" in opened(page, "labels", **{"text.ask": "zzyzx"}).main.info[0].value


def test_pasted_lines_are_learnt_and_told(page: OpenPage):
    visit = labels(page)
    assert FORMS in [one.value for one in visit.info]
    assert not visit.get("metric")
    area = next(one for one in visit.text_area if one.placeholder.startswith("One text in each line"))
    area.set_value(LINES)
    press(visit, "Use this text")
    until(visit, lambda: visit.metric)
    train, test = held_out(TEXTS, 1)
    found = classifier(train, ClassifierSpec(epochs=5))
    right = sum(found.label(text) == label for label, text in test)
    values = {one.label: one.value for one in visit.metric}
    assert (values["Told right"], values["Features"]) == (f"{right / 80:.1%}", f"{len(found.features):,}")
    interval = binomtest(right, 80).proportion_ci(0.95, "wilson")
    said = next(one.value for one in visit.caption if "intervals" in one.value)
    assert said.startswith(f"{right} of 80 texts held out are told right.")
    assert f"{interval.low:.1%} to {interval.high:.1%}" in said
    *_, mistaken = tables(visit)
    names = mistaken.pop("heads")
    shown = [[int(one.replace(",", "") or 0) for one in mistaken[name]] for name in names]
    true, guessed = [label for label, _ in test], [found.label(text) for _, text in test]
    np.testing.assert_array_equal(shown, confusion_matrix(true, guessed, labels=names))
    assert own.TEXTS.found(home(), address_of(visit)["text.own"]).name == bringing.PASTED
    again = labels(page, **{"text.own": address_of(visit)["text.own"]})
    until(again, lambda: again.metric)
    assert [one.value for one in again.metric] == [one.value for one in visit.metric]
    assert not told(again)


def test_of_a_table_both_columns_are_chosen(page: OpenPage, own_hub: Path):
    rows = "".join(f'{at},"{text}",{label}\n' for at, (label, text) in enumerate(TEXTS))
    asked = own.keep(own_hub, [f"id,said,topic\n{rows}".encode()], "topics.csv", "someone")
    visit = labels(page, **{"text.own": asked})
    assert any("Choose the column that has the labels" in one for one in told(visit))
    named = lambda label: next(one for one in visit.selectbox if one.label == label)  # noqa: E731
    assert named("Column of labels").options == ["Automatic", "id", "said", "topic"]
    named("Column of labels").set_value("said").run()
    assert any("and the one that has the texts" in one for one in told(visit))
    named("Column of texts").set_value("said").run()
    assert any("expected two columns" in one for one in told(visit))
    named("Column of labels").set_value("topic").run()
    until(visit, lambda: visit.metric)
    assert (address_of(visit)["text.column"], address_of(visit)["text.label"]) == ("said", "topic")
    assert sorted(tables(visit)[-1]["heads"]) == sorted({label for label, _ in TEXTS})


def errors(visit: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in visit.error]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "Pasted text is empty"),
        ("no labels here", "Pasted text, line 1: expected __label__NAME first, received 'no'"),
        ("__label__a one\n__label__a two", "All texts of Pasted text have the same label, 'a'"),
        ("__label__a one\n__label__b two", "No two texts of Pasted text have the same label"),
        ("__label__a <b>\n__label__<img> two", "No two texts of Pasted text have the same label"),
    ],
)
def test_what_cannot_be_learnt_is_told_and_others_mend_it(page: OpenPage, pasted: str, said: str):
    visit = labels(page)
    paste(visit, pasted)
    until(visit, lambda: any(said in one for one in errors(visit)))
    assert not visit.metric
    paste(visit, f"{LINES}\n__label__once upon a time")
    until(visit, lambda: visit.metric)
    assert not errors(visit)
    assert any("There is one text only with the label once" in one.value for one in visit.caption)


def paste(visit: AppTest, text: str) -> None:
    next(one for one in visit.text_area if one.placeholder.startswith("One text in each line")).set_value(text)
    press(visit, "Use this text")


def test_a_link_to_texts_that_are_not_kept_says_so(page: OpenPage):
    visit = labels(page, **{"text.own": "ab" * 32})
    assert any("is not kept on this server any more" in one for one in told(visit))
    assert not visit.metric
    paste(visit, LINES)
    until(visit, lambda: visit.metric)
    assert not told(visit)


def test_learning_is_told_and_can_be_called_off(page: OpenPage, own_hub: Path, monkeypatch: pytest.MonkeyPatch):
    long = "\n".join(f"__label__{label} {text} {at}" for at, (label, text) in enumerate(TEXTS * 200))
    asked = own.keep(own_hub, [long.encode()], "long.txt", "someone")
    visit = labels(page, **{"text.own": asked, "text.epochs": "20", "text.longest": "3"})
    bars = lambda: [one.proto for one in visit.get("progress")]  # noqa: E731
    until(visit, lambda: any(one.value > 0 and "texts" in one.text for one in bars()))
    assert all(one.text.startswith("Learning the labels") for one in bars())
    press(visit, "Cancel")
    assert not bars()
    assert not visit.metric
    press(visit, "Look at it")
    until(visit, bars)
    press(visit, "Cancel")


def test_labels_and_words_of_others_are_shown_letter_by_letter(page: OpenPage, own_hub: Path):
    """Blanks would end a label, so each payload has none."""
    marks = ["".join(one.split()) for one in (*PAYLOADS, *MARKDOWN)]
    lines = "\n".join(f"__label__{mark} the word {mark}" for mark in marks for _ in range(3))
    asked = own.keep(own_hub, [lines.encode(errors="replace")], "marks.txt", "someone")
    visit = labels(page, **{"text.own": asked, "text.ask": "the word"})
    until(visit, lambda: visit.metric)
    shown = "".join(one for one in markup(visit) if one.startswith('<div class="ls-'))
    assert set(re.findall(r"<([a-zA-Z!]+)", shown)) <= OURS
    assert not visit.exception
    best = next(one.value for one in visit.markdown if one.value.endswith(": the word"))
    assert any(best == f"**{plain(mark, 40)}**: the word" for mark in marks)


def test_a_text_deleted_meanwhile_is_not_taken_from_a_late_browser(monkeypatch: pytest.MonkeyPatch):
    state: dict[str, object] = {"own": ""}
    monkeypatch.setattr(bringing.st, "session_state", state)
    field = bringing._chosen_key("own.kept", "")
    for chosen, taken in (("deleted", ""), ("another", "another")):
        state[field] = chosen
        bringing._chosen("own", "own.kept", field, ["", "another"])
        assert state["own"] == taken


def test_who_asks_for_the_same_is_given_the_same(page: OpenPage, own_hub: Path, monkeypatch: pytest.MonkeyPatch):
    asked = own.keep(own_hub, [LINES.encode()], "same.txt", "someone")
    first = labels(page, **{"text.own": asked})
    until(first, lambda: first.metric)

    def refuse(*_: object) -> None:
        raise AssertionError("it is known already")

    monkeypatch.setattr(Jobs, "ask", refuse)
    again = labels(page, **{"text.own": asked})
    assert [one.value for one in again.metric] == [one.value for one in first.metric]
