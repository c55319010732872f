import pytest

from engine.labs.catalogue import LABS
from pages.ui.cards import ago, settings_in_words
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import begin


def test_the_home_page_leads_to_every_lab(page: OpenPage):
    visit = page("home.py")
    assert not visit.exception
    assert visit.title[0].value == "Learnscope"
    assert "Playground" in [heading.value for heading in visit.subheader]
    links = [link.proto.page for link in visit.get("page_link")]
    assert "playground" in links


def test_the_runs_that_were_trained_are_linked_to(page: OpenPage):
    visit = page()
    run = begin(visit)
    visit.switch_page("home.py").run()
    assert not visit.exception
    (recent,) = [link.proto for link in visit.get("page_link") if "as it opens" in link.proto.label]
    assert run.id in str(recent)
    assert visit.caption[0].value == "paused at step 1, just now"


def test_there_is_no_list_where_nothing_was_trained(page: OpenPage):
    visit = page("home.py")
    assert "Your recent runs" not in [heading.value for heading in visit.subheader]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "as it opens"),
        ({"dataset": "xor"}, "XOR"),
        ({"dataset": "xor", "units": "4,3", "dropout": "0.5"}, "XOR · Hidden layers 4, 3 · Dropout 0.5"),
        (
            {"dataset": "xor", "units": "", "activation": "relu", "learning_rate": "0.3", "seed": "3"},
            "XOR · Hidden layers none · ReLU · 2 more",
        ),
    ],
)
def test_a_run_is_told_from_others_by_its_settings(changes: dict[str, str], words: str):
    lab = LABS["playground"]
    assert settings_in_words(lab, lab.spec.from_strings(changes).to_json()) == words
    assert settings_in_words(lab, '{"colour": 1}') == "of an older version"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7_199, "1 hour ago"),
        (200_000, "2 days ago"),
        (-5, "just now"),
    ],
)
def test_times_in_words(seconds: float, words: str):
    assert ago(seconds) == words
