"""The labs' notes: all that they name is there, what they offer to try can be opened, what they cite can be found."""

import ast
import itertools
import json
import math
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import DataError, SpecError
from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.spec import Setting, knobs
from pages.ui import house
from pages.ui.explorers import EXPLORERS
from pages.ui.lesson import EXPLORERS as TITLES
from pages.ui.note_text import Explorer, Heading, Step, parts
from pages.ui.places import ASSETS
from tests.app_server import ROOT
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import address_of, begin, eventually, field, panel_of, run_of, spec_of, unescaped
from tests.pages.waiting import prepared

SOURCES = "## Where it comes from"
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
ARXIV = re.compile(r"https://arxiv\.org/abs/(\d{4}\.\d{4,5})")
DOI = re.compile(r"https://doi\.org/(10\.\d{4,9}/[^\s]+)")


def text_of(lab: Lab) -> str:
    return (ASSETS / "notes" / f"{lab.name}.md").read_text(encoding="utf-8")


def steps_of(lab: Lab) -> list[Step]:
    return [part for part in parts(text_of(lab)) if isinstance(part, Step)]


EVERY_STEP = [
    pytest.param(lab, step, id=f"{lab.name}: {step.words}") for lab in LABS.values() for step in steps_of(lab)
]


def values_of(setting: Setting) -> tuple[Any, ...]:
    """Return what a setting is tried with: all that it may be, or the least and the most."""
    match setting.kind:
        case "choice":
            return setting.options
        case "switch":
            return (False, True)
        case "integer":
            return (setting.low, setting.high)
        case _:
            return ()


@cache
def panels_of(name: str) -> dict[str, set[str]]:
    """Return the panels that a lab has with any setting, or any two that are chosen, by id, each with its titles.

    What does not fit together has none; of what is one's own nothing is known before it is there.
    """
    lab, found = LABS[name], dict[str, set[str]]()
    alone = [{one.name: value} for one in knobs(lab.spec) for value in values_of(one)]
    chosen = [{one.name: value} for one in knobs(lab.spec) if one.kind == "choice" for value in one.options]
    for changes in ({}, *alone, *(one | other for one, other in itertools.combinations(chosen, 2))):
        with suppress(SpecError, DataError):
            for panel in lab.panels(lab.spec().replace(**changes)):
                found.setdefault(panel.id, set()).add(panel.title)
    return found


@cache
def controls() -> set[str]:
    """Return all texts that are written in the panel's scripts and the pages: what a button says is among them."""
    scripts = [path.read_text(encoding="utf-8") for path in (ASSETS / "live").glob("*.js")]
    found = set(itertools.chain.from_iterable(re.findall(r'"([^"\n]+)"', script) for script in scripts))
    for path in Path(ROOT / "pages").rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return found


def words_of(setting: Setting) -> set[str]:
    return {setting.knob.label, *map(setting.word, setting.options)}


def prose(lab: Lab) -> str:
    """Return a note without steps, formulas and the list of papers."""
    text = text_of(lab).split(SOURCES)[0]
    return re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_every_lab_has_a_note_on_each_of_its_panels(lab: Lab) -> None:
    named = {part.panel: part.title for part in parts(text_of(lab)) if isinstance(part, Heading)}
    panels = panels_of(lab.name)
    assert set(named) == set(panels)
    assert [panel for panel, title in named.items() if title not in panels[panel]] == []


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_what_a_note_names_in_bold_is_a_panel_or_a_control(lab: Lab) -> None:
    titles = set().union(*panels_of(lab.name).values())
    named = set(re.findall(r"\*\*([^*]+)\*\*", prose(lab)))
    assert named
    assert named - titles - controls() == set()


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_what_a_note_names_in_italics_is_a_setting_a_value_or_an_example(lab: Lab) -> None:
    known = set().union(*map(words_of, knobs(lab.spec))) | {preset.title for preset in lab.presets}
    named = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", prose(lab)))
    assert named
    assert named - known == set()


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_a_note_leads_nowhere_but_to_papers_and_their_addresses_are_well_formed(lab: Lab) -> None:
    text = text_of(lab)
    links = LINK.findall(text)
    assert links
    for words, address in links:
        arxiv, doi = ARXIV.fullmatch(address), DOI.fullmatch(address)
        assert arxiv or doi, address
        expected = f"arXiv:{arxiv[1]}" if arxiv else f"doi:{doi[1]}" if doi else ""
        assert words == expected.replace("%28", "(").replace("%29", ")")
    assert len(re.findall(r"https?://", text)) == len(links)
    assert "![" not in text
    assert "<" not in prose(lab), "no HTML: Streamlit would show it as text"


@pytest.mark.parametrize(("lab", "step"), EVERY_STEP)
def test_every_step_has_settings_that_the_lab_has_and_that_fit(lab: Lab, step: Step) -> None:
    spec = step.spec(lab)
    assert lab.panels(spec)
    for name, text in step.settings.items():  # what is written is what comes of it
        assert getattr(spec, name) == getattr(lab.spec.from_strings({name: text}, spec), name)
    preset = lab.preset(step.preset)
    assert spec != lab.spec() or preset is not None
    assert not spec.from_link(spec.to_link())[1]


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_the_words_of_steps_tell_them_apart(lab: Lab) -> None:
    words = [step.words for step in steps_of(lab)]
    assert len(words) == len(set(words))
    assert max(map(len, words)) < 45  # on one line of a phone


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```try\nWords\nunits\n```", "expected `setting = value`"),
        ("```try\nWords\nunits = 2\nunits = 3\n```", "each setting once"),
    ],
)
def test_a_step_that_cannot_be_read_is_told(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parts(text)


@pytest.mark.parametrize(
    "text", ["preset = nothing", "nothing = 1", "learning_rate = 1e9", "dataset = plane\nloss = logistic"]
)
def test_a_step_whose_settings_are_wrong_does_not_pass(text: str) -> None:
    (step,) = parts(f"```try\nWords\n{text}\n```")
    assert isinstance(step, Step)
    with pytest.raises(SpecError):
        step.spec(LABS["playground"])


def test_the_parts_of_a_note_come_in_their_order() -> None:
    told = parts(
        "Before.\n\n### Loss {#loss}\n\nAbout it.\n\n```try\nDo\nunits =\n```\n\nAfter.\n\n```python\nx = 1\n```"
    )
    assert told == (
        "Before.",
        Heading("Loss", "loss"),
        "About it.",
        Step("Do", "", {"units": ""}),
        "After.\n\n```python\nx = 1\n```",
    )


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_explorers_that_a_note_names_are_there(lab: Lab) -> None:
    assert {part.name for part in parts(text_of(lab)) if isinstance(part, Explorer)} <= set(EXPLORERS)


def test_explorers_are_called_as_the_section_that_they_stand_in() -> None:
    found = {}
    for lab in LABS.values():
        title = ""
        for part in parts(text_of(lab)):
            match part:
                case Explorer():
                    found[part.name] = title
                case Heading():
                    title = part.title
                case str():
                    title = [title, *re.findall(r"^##+ (.+)$", part, re.MULTILINE)][-1]
    assert found == TITLES


def cells(visit: AppTest) -> dict[str, list[str]]:
    """Return the columns of the softmax explorer's table."""
    return visit.table[0].value.to_dict("list")


def test_the_softmax_explorer_shows_where_it_breaks_and_the_cure(page: OpenPage) -> None:
    visit = page()
    before = run_of(visit)
    powers = [math.exp(value) for value in (2, 1, -1)]
    shares = [f"{power / sum(powers):.4g}" for power in powers]
    assert cells(visit)["share, naive"] == cells(visit)["share, cured"] == shares
    assert any(f"{math.log(sum(powers)):.4g}, computed either way" in text.value for text in visit.markdown)
    field(visit, "scale", "select_slider").set_value(50).run()
    assert cells(visit)["power"] == ["∞", f"{math.exp(50):.4g}", f"{math.exp(-50):.4g}".replace("-", "−")]
    assert cells(visit)["share, naive"][0] == "no number"
    assert cells(visit)["share, cured"][0] == "1"
    assert "100: the cured way" in visit.main.warning[0].value
    for place in ("1", "2", "3"):
        field(visit, place, "number_input").set_value(8.8)
    field(visit, "scale", "select_slider").set_value(10).run()
    assert cells(visit)["power"] == [f"{math.exp(88):.4g}"] * 3
    assert cells(visit)["share, naive"] == ["0"] * 3
    assert "the sum of the powers is infinite: shared out naively, that is 0 for each." in visit.main.warning[0].value
    assert run_of(visit).id == before.id


def test_a_step_sets_the_lab_up_and_calls_it_into_sight(page: OpenPage) -> None:
    visit = page(dataset="moons", noise="0.3")
    before, calls = run_of(visit), panel_of(visit)["calls"]
    lab = LABS["playground"]
    own = next(step for step in steps_of(lab) if not step.preset)
    next(button for button in visit.button if button.label == own.words).click().run()
    assert run_of(visit).id != before.id
    assert spec_of(visit) == json.loads(own.spec(lab).to_json())
    assert panel_of(visit)["calls"] == calls + 1
    assert "preset" not in address_of(visit)
    example = next(step for step in steps_of(lab) if step.preset)
    next(button for button in visit.button if button.label == example.words).click().run()
    assert spec_of(visit) == json.loads(example.spec(lab).to_json())
    assert address_of(visit)["preset"] == example.preset
    visit.run()
    assert panel_of(visit)["calls"] == calls + 2


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_all_steps_open_a_run(page: OpenPage, lab: Lab) -> None:
    """One visitor goes through them all: each opens another run, at its initial weights."""
    visit = page(f"{lab.name}.py")
    for step in steps_of(lab):
        before = run_of(visit)
        next(button for button in visit.button if button.label == step.words).click().run()
        assert not visit.exception
        assert not visit.error
        prepared(visit)
        was = lab.spec.from_json(before.spec)
        wanted = lab.spec.from_strings(step.settings, was) if step.only_looks(lab) else step.spec(lab)
        assert spec_of(visit) == json.loads(wanted.to_json())
        if run_of(visit).id != before.id:
            house.hub().command(before.id, "stop")  # a worker for each step of a lab would wait beside the others


def click(visit: AppTest, words: str) -> None:
    next(button for button in visit.button if button.label == words).click().run()
    assert not visit.exception


def test_a_step_that_nothing_learnt_depends_on_is_tried_on_the_run_that_there_is(page: OpenPage) -> None:
    visit = page("generation.py", characters="5000", units="8", chunk="16", strategy="greedy")
    run, calls = begin(visit), panel_of(visit)["calls"]
    click(visit, "Careful")
    assert run_of(visit).id == run.id
    eventually(lambda: house.hub().settings(run.id).get("temperature") == "0.4")
    assert house.hub().settings(run.id)["strategy"] == "sample"
    assert (address_of(visit)["temperature"], address_of(visit)["units"]) == ("0.4", "8")
    assert panel_of(visit)["calls"] == calls + 1, "the lab is brought into sight"
    click(visit, "The likeliest whole")
    eventually(lambda: house.hub().settings(run.id).get("strategy") == "beam")
    click(visit, "A net that sees two symbols")
    assert run_of(visit).id != run.id, "of another net there has to be another run"


def test_a_task_that_fixes_what_a_step_changes_keeps_it_and_says_so(page: OpenPage) -> None:
    visit = page("generation.py", characters="5000", units="8", chunk="16", lock="temperature")
    run = begin(visit)
    click(visit, "Careful")
    assert run_of(visit).id == run.id
    assert house.hub().settings(run.id).get("temperature") in (None, "1.0")
    assert "The task keeps as it was: Temperature." in unescaped(visit.warning[0].value)


def test_an_example_is_mended_in_the_run_that_there_is_where_that_is_all_it_needs(page: OpenPage) -> None:
    visit = page("generation.py", preset="boring", characters="5000", units="8", chunk="16")
    run = begin(visit)
    visit.radio[0].set_value(visit.radio[0].options[1]).run()
    click(visit, "Show it mended")
    assert run_of(visit).id == run.id
    eventually(lambda: house.hub().settings(run.id).get("strategy") == "sample")
