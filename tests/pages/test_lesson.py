"""A teacher's link: what it hides and locks stays so, whatever is done; bad parts are named in one notice; and the way
out is there. That it guards nothing is said where it is made.
"""

import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import SpecError
from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.spec import knobs
from pages.ui import house
from pages.ui.desk.address import PRESET, RUN
from pages.ui.lesson import LESSON, MOST_TASK, Lesson, group_word, groups, page_parts, read_lesson, settable
from pages.ui.links import STEP, VIEW
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import (
    LAB,
    SET,
    address_of,
    begin,
    eventually,
    field,
    panel_of,
    run_of,
    spec_of,
    tell,
    unescaped,
)
from tests.pages.waiting import prepared

PANELS = LAB.panels(LAB.spec())
TASK = "Find the **smallest** net.\n- two units?\n- three?"


def labels(visit: AppTest) -> set[str]:
    kinds = ("selectbox", "slider", "select_slider", "number_input", "toggle", "button_group", "button", "multiselect")
    return {widget.label for kind in kinds for widget in getattr(visit, kind)}


def button(visit: AppTest, label: str):
    return next(one for one in visit.button if one.label == label)


def told(visit: AppTest) -> str:
    return " ".join(unescaped(one.value) for one in visit.warning)


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_in_no_lab_two_things_are_called_the_same(lab):
    words = [*settable(lab.spec), *groups(lab.spec), *page_parts(lab)]
    assert len(words) == len(set(words))
    assert not set(LESSON) & {setting.name for setting in knobs(lab.spec)}
    assert not set(LESSON) & {RUN, PRESET, STEP, VIEW, "class", "b"}
    assert not [word for word in (*words, *(panel.id for panel in lab.panels(lab.spec()))) if "." in word]


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_every_control_of_every_lab_can_be_hidden_and_locked_and_comes_back(lab):
    words = (*settable(lab.spec), *groups(lab.spec))
    panels = lab.panels(lab.spec())
    lesson = Lesson(TASK, (*words, *page_parts(lab)), words, tuple(panel.id for panel in panels))
    assert read_lesson(lab, panels, lesson.to_link()) == (lesson, "")
    assert lesson.fixed(lab.spec) == {setting.name for setting in knobs(lab.spec)}


HOSTILE = {
    "an unknown control": ({"hide": "kitchen"}, "hide kitchen"),
    "a part cannot be locked": ({"lock": "compare"}, "lock compare"),
    "an unknown panel": ({"panels": "kitchen"}, "panels kitchen"),
    "nothing at all": ({"hide": ""}, "no such controls or panels: hide"),
    "markup": ({"hide": "<script>alert(1)</script>"}, "hide <script>alert(1)</script>"),
    "an attribute": ({"lock": "__class__"}, "lock __class__"),
    "another case": ({"lock": "training"}, "lock training"),
    "many": ({"hide": ".".join(f"x{n}" for n in range(900))}, "and"),
    "without end": ({"panels": "x" * 100_000}, "panels xxx"),
    "a null": ({"lock": "seed\x00"}, "lock seed"),
    "a lone surrogate": ({"lock": "\ud800"}, "lock"),
    "a task that is too long": ({"task": "x" * (MOST_TASK + 1)}, "task of this link was left out"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_bad_parts_are_named_in_short_and_the_rest_is_used(case: str):
    address, expected = HOSTILE[case]
    lesson, notice = read_lesson(LAB, PANELS, address)
    assert not lesson
    assert expected in notice
    assert len(notice) < 400
    good, _ = read_lesson(LAB, PANELS, {name: f"{text}.Data.seed" for name, text in address.items() if name == "hide"})
    assert good.hidden == (("Data", "seed") if "hide" in address and case != "many" else good.hidden)


def test_a_task_holds_nothing_but_letters_in_lines():
    lesson, notice = read_lesson(LAB, PANELS, {"task": "  one\r\n\x00two\u202e \x1b[31m\n\n"})
    assert (lesson.task, notice) == ("one\n two   [31m", "")


def test_a_control_that_is_named_twice_is_taken_once():
    lesson, _ = read_lesson(LAB, PANELS, {"lock": "seed.seed.Data.seed", "hide": "seed"})
    assert (lesson.hidden, lesson.locked) == (("seed",), ("seed", "Data"))


def test_what_is_fixed_is_kept_and_named():
    lesson = Lesson(locked=("dataset", "Stop"))
    now = LAB.spec().replace(dataset="xor", max_epochs=7)
    wanted = LAB.spec().replace(dataset="moons", max_epochs=9, learning_rate=0.1)
    kept, notice = lesson.keep(wanted, now)
    assert (kept.dataset, kept.max_epochs, kept.learning_rate) == ("xor", 7, 0.1)
    assert notice == "The task keeps as it was: Data set, Epochs at most."
    with pytest.raises(SpecError, match="does not fit what the task keeps"):
        lesson.keep(LAB.spec().replace(dataset="plane", loss="mae"), now.replace(dataset="xor"))


def test_a_student_sees_the_task_and_neither_what_is_hidden_nor_can_change_what_is_locked(page: OpenPage):
    visit = page(task=TASK, hide="Data.compare.examples", lock="optimizer", dataset="xor", optimizer="sgd")
    assert not visit.warning
    assert (spec_of(visit)["dataset"], spec_of(visit)["optimizer"]) == ("xor", "sgd")
    assert not {"Data set", "Noise", "Compare with another", "Example"} & labels(visit)
    assert field(visit, "optimizer", "selectbox").disabled
    assert field(visit, "optimizer", "selectbox").value == "sgd"
    assert not field(visit, "activation", "selectbox").disabled
    captions = [unescaped(one.value) for one in visit.caption]
    assert ":material/lock: Locked by the task: Optimizer." in captions
    assert "Some controls are hidden for this task. Locked: Optimizer." in captions
    assert "Find the **smallest** net." in unescaped(" ".join(one.value for one in visit.markdown))


def test_without_a_lesson_nothing_of_it_is_seen(page: OpenPage):
    visit = page()
    assert "Leave this task" not in labels(visit)
    assert not set(LESSON) & address_of(visit).keys()


def test_what_a_browser_says_of_a_locked_widget_is_not_heard(page: OpenPage):
    visit = page(lock="Training.units", learning_rate="0.1")
    run = run_of(visit)
    rate, units = field(visit, "learning_rate", "select_slider"), field(visit, "count", "slider")
    for widget, value in ((rate, 1.0), (units, 5)):
        widget.proto.disabled = False  # as for somebody who writes to the server without the page
        widget.set_value(value)
    visit.run()
    assert run_of(visit).id == run.id
    assert spec_of(visit)["learning_rate"] == 0.1
    assert field(visit, "learning_rate", "select_slider").value == 0.1
    assert field(visit, "count", "slider").value == len(LAB.spec().units)


def test_task_and_locks_stay_over_a_refresh_and_a_new_run(page: OpenPage):
    visit = page(task=TASK, lock="dataset", hide="compare", panels="boundary.loss", dataset="xor")
    first = run_of(visit).id
    field(visit, "activation", "selectbox").select("relu").run()
    assert run_of(visit).id != first
    assert spec_of(visit)["dataset"] == "xor"
    address = address_of(visit)
    assert (address["task"], address["lock"], address["hide"]) == (TASK, "dataset", "compare")
    again = page(**address)  # as a reload, or whoever is sent this
    assert field(again, "dataset", "selectbox").disabled
    assert [panel["id"] for panel in panel_of(again)["panels"]] == ["boundary", "loss"]
    assert address_of(again)["task"] == TASK


def test_nothing_else_on_the_page_changes_what_is_locked(page: OpenPage):
    visit = page(lock="dataset.seed", dataset="xor", seed="5")
    assert button(visit, "New weights").disabled
    next(one for one in visit.button if one.key and ".note." in one.key).click().run()
    assert (spec_of(visit)["dataset"], spec_of(visit)["seed"]) == ("xor", 5)
    field(visit, "preset", "selectbox").select("spiral").run()
    assert spec_of(visit)["dataset"] == "xor"
    assert "The task keeps as it was: Data set" in told(visit)
    assert "dataset" not in field(visit, "of", "selectbox").options
    assert not {"Data set", "Seed"} & set(field(visit, "of", "selectbox").options)


def test_what_does_not_fit_what_is_locked_is_told(page: OpenPage):
    visit = page(lock="loss", dataset="circle", loss="logistic")
    run = run_of(visit)
    field(visit, "dataset", "selectbox").select("plane").run()
    assert unescaped(visit.error[0].value).startswith("Loss stays at Logistic for this task, and does not fit that.")
    assert run_of(visit).id == run.id
    assert spec_of(visit)["loss"] == "logistic"


def test_a_locked_rate_is_not_changed_in_the_panel_either(page: OpenPage):
    visit = page(lock="learning_rate", learning_rate="0.1")
    assert panel_of(visit)["learning_rate"] is None
    here = tell(visit, "set", {"run": begin(visit).id, **SET})
    assert here.spec.learning_rate == 0.1


def test_a_locked_setting_whose_value_is_bad_stays_at_its_default(page: OpenPage):
    visit = page(lock="learning_rate", learning_rate="quick", task="x")
    assert "learning_rate" in told(visit)
    assert len(visit.warning) == 1
    assert field(visit, "learning_rate", "select_slider").value == LAB.spec().learning_rate
    assert field(visit, "learning_rate", "select_slider").disabled


def test_all_that_is_bad_in_a_link_is_told_at_once(page: OpenPage):
    visit = page(hide="kitchen.Data", lock="cellar", panels="attic", task="x" * 900, learning_rate="quick", step="7")
    (warning,) = visit.warning
    for part in ("hide kitchen", "lock cellar", "panels attic", "task of this link", "learning_rate", "step"):
        assert part in unescaped(warning.value), part
    assert "Data set" not in labels(visit)
    assert len(panel_of(visit)["panels"]) == len(PANELS)


def test_a_link_to_a_run_locks_the_settings_of_that_run(page: OpenPage):
    run = begin(page(dataset="moons"))
    visit = page(run=run.id, lock="Data", task="Look at it.")
    assert run_of(visit).id == run.id
    assert field(visit, "dataset", "selectbox").value == "moons"
    button(visit, "Make my own copy").click().run()
    assert run_of(visit).id != run.id
    assert spec_of(visit)["dataset"] == "moons"
    assert field(visit, "dataset", "selectbox").disabled
    assert address_of(visit)["lock"] == "Data"


def test_one_leaves_the_task_and_keeps_run_and_settings(page: OpenPage):
    visit = page(task=TASK, lock="Data", hide="Net.note", panels="loss", dataset="xor")
    run = run_of(visit)
    assert "Try" not in labels(visit)
    button(visit, "Leave this task").click().run()
    assert run_of(visit).id == run.id
    assert not set(LESSON) & address_of(visit).keys()
    assert address_of(visit)["dataset"] == "xor"
    assert not field(visit, "dataset", "selectbox").disabled
    assert len(panel_of(visit)["panels"]) == len(PANELS)
    assert "Leave this task" not in labels(visit)


def test_the_panels_of_a_task_fill_their_rows_and_none_known_means_all(page: OpenPage):
    assert [panel.width for panel in Lesson(panels=("loss",)).shown(PANELS)] == [12]
    assert Lesson(panels=("confusion",)).shown(PANELS[:2]) == PANELS[:2]
    visit = page(dataset="csv", panels="loss", task="Upload a table.")  # which are there is not known yet
    assert address_of(visit)["panels"] == "loss"


def test_the_form_makes_a_link_that_opens_as_it_says(page: OpenPage):
    teacher = page(dataset="xor", learning_rate="0.1")
    next(area for area in teacher.text_area if area.label == "Task").set_value(TASK)
    lists = {one.label: one for one in teacher.multiselect}
    hidden, locked, panels = lists["Hidden"], lists["Locked"], lists["Panels"]
    assert "Data: all" in hidden.options
    assert "Page: Compare" in hidden.options
    hidden.set_value(["compare", "Stop"])
    locked.set_value(["Data", "dataset", "optimizer"])  # all of Data, and once more one of it
    panels.set_value(["boundary", "loss"]).run()
    (made,) = [code.value for code in teacher.code]
    address = dict(parse_qsl(urlsplit(made).query))
    assert "run" not in address, "everybody gets a run of their own"
    expected = {
        "dataset": "xor",
        "learning_rate": "0.1",
        "task": TASK,
        "hide": "compare.Stop",
        "lock": "Data.optimizer",
    }
    assert address == {**expected, "panels": "boundary.loss"}
    assert "guards nothing" in " ".join(caption.value for caption in teacher.caption)
    student = page(**address)
    assert not student.warning
    assert run_of(student).id != run_of(teacher).id
    assert field(student, "dataset", "selectbox").disabled
    assert "Epochs at most" not in labels(student)
    next(toggle for toggle in teacher.toggle if toggle.label == "All watch the run shown").set_value(True).run()
    assert parse_qs(urlsplit(teacher.code[0].value).query)["run"] == [run_of(teacher).id]


@pytest.mark.parametrize(
    ("hide", "text", "words"),
    [("", True, True), ("explore-text", False, True), ("note", True, False), ("note.explore-text", False, False)],
)
def test_the_note_and_the_explorer_of_the_text_are_hidden_each_by_itself(
    page: OpenPage, hide: str, text: bool, words: bool
):
    visit = page("train_words.py", corpus="packaged:descriptions", task="Look.", **({"hide": hide} if hide else {}))
    assert not visit.warning
    assert ("View" in labels(visit)) == text
    assert any("Nothing is learnt before the text is numbers." in one.value for one in visit.markdown) == words
    assert ([one.value for one in visit.subheader] == ["The text"]) == (text and not words)


def test_an_explorer_that_is_nothing_without_its_words_goes_with_the_note_and_by_itself(page: OpenPage):
    assert {"Scale", "Base", "Train the grid"} <= labels(page(task="Look."))
    assert not {"Scale", "Base", "Train the grid"} & labels(page(hide="note"))
    assert {"Scale", "Train the grid"} & labels(page(hide="explore-softmax")) == {"Train the grid"}


def test_the_form_offers_the_explorers_of_its_lab(page: OpenPage):
    def offered(visit: AppTest) -> set[str]:
        hidden = next(one for one in visit.multiselect if one.label == "Hidden")
        return {option for option in hidden.options if "Explorer" in option}

    assert offered(page()) == {"Page: Explorer: The softmax, by hand", "Page: Explorer: Depth against width"}
    assert offered(prepared(page("train_words.py", corpus="packaged:descriptions"))) == {"Page: Explorer: The text"}


def test_a_class_is_part_of_the_link_and_of_what_it_opens(page: OpenPage):
    teacher = page(**{"class": "otter-7"})
    (made,) = [code.value for code in teacher.code]
    address = dict(parse_qsl(urlsplit(made).query))
    assert address["class"] == "otter-7"
    student = page(**address, task="Train.", lock="seed")
    assert address_of(student)["class"] == "otter-7"
    assert address_of(student)["lock"] == "seed"
    eventually(lambda: house.hub().get(run_of(student).id).class_code == "otter-7")


def test_a_hostile_task_is_letters(page: OpenPage):
    visit = page(
        task="![x](http://evil.example/p.png) <img src=x onerror=alert(1)> $x$ :red[no] [a](javascript:b)\n==="
    )
    shown = " ".join(one.value for one in visit.markdown)
    assert r"\!\[x\]\(http\:" in shown
    assert r"\<img" in shown
    assert "\\===" in shown


@pytest.mark.parametrize("setting", knobs(LAB.spec), ids=lambda setting: setting.name)
def test_each_setting_can_be_locked_by_itself(page: OpenPage, setting):
    if setting.knob.hidden:
        return
    lesson, notice = read_lesson(LAB, PANELS, {"lock": setting.name})
    assert (lesson.fixed(LAB.spec), notice) == ({setting.name}, "")
    assert group_word(setting) in groups(LAB.spec)
    assert json.dumps(lesson.to_link())


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_the_form_proposes_a_task_of_this_lab(page: OpenPage, lab: Lab):
    visit = prepared(page(f"{lab.name}.py"))
    (area,) = (one for one in visit.text_area if one.label == "Task")
    assert area.placeholder == lab.task != ""
    assert [other.name for other in LABS.values() if other.task == lab.task] == [lab.name]
