"""Writing and weighing with a net, on the page: what stands there is what the net answers, and markup stays text."""

import json
from itertools import islice

import pytest
from streamlit.testing.v1 import AppTest

from engine.asking import Question
from engine.labs.generation import GenerationSpec
from engine.labs.generation_experiment import GenerationExperiment
from pages.ui.language.weighing import marked, verdict
from tests.pages.conftest import OpenPage
from tests.pages.waiting import until

pytestmark = pytest.mark.usefixtures("one_thread")
FEW = {"characters": "5000", "units": "8", "chunk": "16"}


def asked(what: str, settings: dict) -> object:
    """Return what the net of such a run answers at step 0."""
    experiment = GenerationExperiment(GenerationSpec.from_strings(FEW))
    next(islice(experiment.steps(), 1))
    return json.loads(experiment.answer(Question(what, settings)).words["told"])


def button(visit: AppTest, label: str):
    return next(one for one in visit.main.button if one.label == label)


def field(kind, label: str):
    return next(one for one in kind if one.label == label)


def written(visit: AppTest) -> list[str]:
    """Return the texts that stand there; a link, which stands there too, begins otherwise."""
    return [one.value for one in visit.main.code if one.value.startswith("The ")]


def opened(page: OpenPage) -> AppTest:
    visit = page("generation.py", **FEW)
    assert not visit.exception
    return visit


def test_a_beginning_is_gone_on_with_as_the_net_does(page: OpenPage) -> None:
    visit = opened(page)
    field(visit.main.text_area, "Your beginning").set_value('The "mill <b>')
    button(visit, "Go on").click().run()
    until(visit, lambda: written(visit))
    settings = {"strategy": "sample", "temperature": 1.0, "top_k": 0, "nucleus": 1.0}
    told = asked("continue", {**settings, "prompt": 'The "mill <b>', "length": 120, "line": False, "draw": 1})
    assert written(visit) == [f'The "mill <b>{told["text"]}']  # type: ignore[index]
    assert not visit.exception
    first = written(visit)
    button(visit, "Go on").click().run()
    until(visit, lambda: written(visit) not in ([], first))


def test_sentences_are_weighed_as_the_net_does(page: OpenPage) -> None:
    visit = opened(page)
    field(visit.main.button_group, "What is asked").set_value("Weigh two sentences").run()
    field(visit.main.text_input, "One").set_value("The mill is old.")
    field(visit.main.text_input, "The other").set_value("<b>").run()
    button(visit, "Weigh them").click().run()
    until(visit, lambda: any("bits in all" in one.value for one in visit.main.caption))
    first, second = asked("compare", {"first": "The mill is old.", "second": "<b>"})  # type: ignore[misc]
    sums = [f"{sum(one['bits']):.2f} bits in all" for one in (first, second)]
    captions = [one.value for one in visit.main.caption if "bits in all" in one.value]
    assert all(caption.startswith(expected) for caption, expected in zip(captions, sums, strict=True))


def test_the_verdict_names_the_cheaper_one_and_by_how_much() -> None:
    assert verdict(3.0, 5.0) == "It finds the **first** one likelier: by 2.00 bits, so 4.0 times."
    assert verdict(35.0, 5.0) == "It finds the **second** one likelier: by 30.00 bits, so 2 to the power of 30 times."
    assert verdict(4.0, 4.0) == "Both are equally likely."


def test_symbols_are_coloured_by_their_cost_and_markup_is_text() -> None:
    told = marked(["<b>", "␣a", "&"], [4.0, 1.0, 0.0], 4.0)
    assert "<b>" not in told
    assert "&lt;b&gt;" in told
    assert "> a</span>" in told
    assert [share for share in ("55%", "14%", "0%") if f" {share}," in told] == ["55%", "14%", "0%"]
