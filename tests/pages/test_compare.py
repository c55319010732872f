"""Comparing on the page: a second run with one difference, or more seeds; how it begins, is linked to, and ends."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from engine.runs.limits import Limits
from engine.runs.run import Run
from engine.spec import Spec
from pages.ui import house
from pages.ui.class_table import newest
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import (
    LAB,
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


def press(visit: AppTest, label: str) -> AppTest:
    return next(button for button in visit.button if button.label == label).click().run()


def compare(visit: AppTest, name: str, kind: str, value: object) -> AppTest:
    """Choose a setting and another value for B, and compare."""
    field(visit, "of", "selectbox").set_value(name).run()
    widget = next(w for w in getattr(visit, kind) if w.key and w.key.endswith(f".{name}.b"))
    widget.set_value(value).run()
    return press(visit, "Compare")


def beside(visit: AppTest) -> list[Run]:
    """Return the runs that the live panel shows beside the first."""
    return [house.hub().get(right["run"]) for right in panel_of(visit)["runs"][1:]]


def specs(visit: AppTest) -> list[Spec]:
    return [LAB.spec.from_json(house.hub().get(right["run"]).spec) for right in panel_of(visit)["runs"]]


def told(visit: AppTest) -> str:
    """Return all that is written on the page, outside of its notes."""
    return unescaped("\n".join(words.value for words in (*visit.main.markdown, *visit.caption)))


def test_a_second_run_differs_in_exactly_one_setting_and_is_named_on_the_page(page: OpenPage):
    visit = compare(page(dataset="xor"), "optimizer", "selectbox", "sgd")
    (second,) = beside(visit)
    mine, other = specs(visit)
    assert mine.differences(other) == ("optimizer",)
    assert (other.optimizer, second.state) == ("sgd", "ready")
    assert "A: Optimizer Adam. B: Optimizer SGD. Optimizer is the only difference" in told(visit).replace("*", "")
    assert address_of(visit)["b"] == second.id
    panel = panel_of(visit)
    assert [right["words"] for right in panel["runs"]] == ["Optimizer: Adam", "Optimizer: SGD"]
    assert [right["control"] for right in panel["runs"]] == [True, True]
    assert {shown["kind"] for shown in panel["panels"]} == {"pair", "plot"}
    assert panel["learning_rate"] is None, "another rate on the way would be another difference"
    before = visit.get("bidi_component")[0].proto.json
    visit.run()
    assert visit.get("bidi_component")[0].proto.json == before


def test_a_run_that_began_earlier_is_told(page: OpenPage):
    visit = page()
    begin(visit)
    compare(visit, "activation", "selectbox", "relu")
    assert "A began earlier: Reset begins both anew." in told(visit).replace("*", "")
    for run in (run_of(visit), *beside(visit)):
        house.hub().command(run.id, "reset")
    eventually(lambda: run_of(visit).step == 0)
    visit.run()
    assert "A began earlier" not in told(visit)


def test_the_end_of_a_comparison_leaves_the_first_run_and_ends_the_second(page: OpenPage):
    visit = page()
    run = begin(visit)
    compare(visit, "optimizer", "selectbox", "sgd")
    (second,) = beside(visit)
    house.hub().command(second.id, "step")
    eventually(lambda: house.hub().get(second.id).state == "paused")
    press(visit, "End comparison")
    assert run_of(visit).id == run.id
    assert (run_of(visit).state, beside(visit)) == ("paused", [])
    assert "b" not in address_of(visit)
    assert {shown["kind"] for shown in panel_of(visit)["panels"]} > {"network", "table"}
    eventually(lambda: house.hub().get(second.id).state == "stopped")


def test_a_link_restores_both_runs_and_whoever_has_it_sees_them(page: OpenPage):
    visit = compare(page(noise="0.2"), "activation", "selectbox", "relu")
    begin(visit)
    address = address_of(visit)
    guest = page(**address)
    assert [right["run"] for right in panel_of(guest)["runs"]] == [right["run"] for right in panel_of(visit)["runs"]]
    assert [right["control"] for right in panel_of(guest)["runs"]] == [False, False]
    assert "B: Activation ReLU" in told(guest).replace("*", "")
    assert address_of(guest) == address
    press(guest, "End comparison")
    assert address_of(guest)["run"] == address["run"]
    assert all(house.hub().get(run).live for run in (address["run"], address["b"])), "a guest ends nothing"


def test_another_setting_is_another_one_of_both(page: OpenPage):
    visit = compare(page(), "activation", "selectbox", "relu")
    first = panel_of(visit)["runs"]
    field(visit, "dataset", "selectbox").select("moons").run()
    assert [spec.dataset for spec in specs(visit)] == ["moons", "moons"]
    mine, other = specs(visit)
    assert mine.differences(other) == ("activation",)
    assert not {right["run"] for right in panel_of(visit)["runs"]} & {right["run"] for right in first}
    # A live setting too: one that is changed on the way would be another difference.
    begin(visit)
    field(visit, "learning_rate", "select_slider").set_value(0.1).run()
    mine, other = specs(visit)
    assert (mine.learning_rate, other.learning_rate) == (0.1, 0.1)
    assert run_of(visit).state == "ready"
    # And where the two become equal, there is nothing to compare.
    field(visit, "activation", "selectbox").select("relu").run()
    assert beside(visit) == []
    assert "no longer differ" in visit.warning[0].value


@pytest.mark.parametrize(
    ("name", "kind", "value", "words"),
    [
        ("initialisation", "selectbox", "he", "are the only difference: data and seed are the same"),
        ("noise", "slider", 0.5, "changes the data too"),
        ("seed", "number_input", 9, "changes the initial weights too"),
    ],
)
def test_a_setting_that_alters_more_says_so(page: OpenPage, name: str, kind: str, value: object, words: str):
    visit = page()
    field(visit, "of", "selectbox").set_value(name).run()
    next(w for w in getattr(visit, kind) if w.key and w.key.endswith(f".{name}.b")).set_value(value).run()
    assert words in told(visit)
    compare(visit, name, kind, value)
    assert words in visit.main.markdown[1].value
    mine, other = specs(visit)
    assert mine.differences(other) == (name,)


@pytest.mark.parametrize(
    ("script", "settings", "name", "value", "words"),
    [
        (
            "sequences.py",
            {"samples": "200"},
            "cell",
            "rnn_tanh",
            "What both have begins alike: `embedding.weight`, `head.weight`; 2 of the 4 tensors of B",
        ),
        ("playground.py", {}, "normalisation", "layer", "`layers.1.bias`, 4 more; 8 of the 14 tensors of B"),
        ("sequences.py", {"samples": "200"}, "cell", "peephole_lstm", "begins alike: all 10 tensors of B"),
    ],
)
def test_of_another_net_it_is_told_what_begins_alike(
    page: OpenPage, script: str, settings: dict[str, str], name: str, value: str, words: str
) -> None:
    visit = compare(page(script, **settings), name, "selectbox", value)
    for said in (visit.main.markdown[1].value, "\n".join(caption.value for caption in visit.sidebar.caption)):
        assert words in unescaped(said)
        assert "initial weights are the same" not in said


def test_there_is_nothing_to_compare_before_another_value_is_chosen(page: OpenPage):
    visit = page(normalisation="batch")
    button = next(button for button in visit.button if button.label == "Compare")
    assert button.disabled
    assert "Activation of A is Tanh too: choose another value for B." in told(visit).replace("*", "")
    field(visit, "of", "selectbox").set_value("batch_size").run()
    next(w for w in visit.number_input if w.key.endswith(".batch_size.b")).set_value(1).run()
    assert next(button for button in visit.button if button.label == "Compare").disabled
    assert "expected 2 or more" in told(visit)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"activation": "relu", "noise": "0.5"}, "differ in more than one setting"),
        ({}, "differ in more than one setting"),
        (None, "no longer here"),
    ],
)
def test_a_link_to_runs_that_cannot_be_compared_shows_the_first_and_says_so(page: OpenPage, other, words: str):
    first = run_of(page())
    second = "nosuchrun" if other is None else run_of(page(**other)).id
    visit = page(run=first.id, b=second)
    assert run_of(visit).id == first.id
    assert beside(visit) == []
    assert words in visit.warning[0].value
    assert "b" not in address_of(visit)


def test_runs_that_are_over_are_had_again(page: OpenPage):
    visit = compare(page(), "activation", "selectbox", "relu")
    begin(visit)
    (second,) = beside(visit)
    house.hub().command(second.id, "stop")
    eventually(lambda: not house.hub().get(second.id).live)
    first = run_of(visit)
    tell(visit, "again", {"run": first.id})
    assert run_of(visit).id == first.id, "it is not over"
    (new,) = beside(visit)
    assert new.id != second.id
    assert new.spec == second.spec


def test_a_rate_that_was_changed_before_is_told(page: OpenPage):
    visit = page()
    run = begin(visit)
    house.hub().command(run.id, "set", "learning_rate=0.25")
    eventually(lambda: house.hub().settings(run.id).get("learning_rate") == "0.25")
    tell(visit, "set", {"run": run.id, "settings": {"learning_rate": "0.25"}})
    compare(visit, "activation", "selectbox", "relu")
    assert specs(visit)[1].learning_rate == 0.25
    assert "was changed while it ran" in told(visit)
    house.hub().command(run.id, "step")
    eventually(lambda: house.hub().changes(run.id))
    visit.run()
    assert "was changed while it ran" in told(visit)
    house.hub().command(run.id, "reset")
    eventually(lambda: not any(step for step, *_ in house.hub().changes(run.id)))
    visit.run()
    assert "was changed while it ran" not in told(visit)


def test_a_number_that_was_set_by_hand_is_told_as_a_difference(page: OpenPage):
    visit = page()
    run = begin(visit)
    compare(visit, "activation", "selectbox", "relu")
    assert "set by hand" not in told(visit)
    house.hub().command(run.id, "set", "layers.0.weight[0, 0]=2")
    eventually(lambda: house.hub().changes(run.id))
    visit.run()
    assert "Numbers of the net of A were set by hand" in told(visit)
    assert "was changed while it ran" not in told(visit), "that is said of settings"
    house.hub().command(run.id, "reset")
    eventually(lambda: not house.hub().changes(run.id))
    visit.run()
    assert "set by hand" not in told(visit)


def test_more_seeds_train_beside_the_one_shown(page: OpenPage):
    visit = page(seed="4", max_epochs="1")
    field(visit, "seeds", "slider").set_value(3).run()
    press(visit, "Train 3 seeds")
    assert [spec.seed for spec in specs(visit)] == [4, 5, 6]
    mine, *others = specs(visit)
    assert [mine.differences(other) for other in others] == [("seed",), ("seed",)]
    assert [right["scalars"] for right in panel_of(visit)["runs"]] == [False, True, True]
    kinds = {shown["id"]: shown for shown in panel_of(visit)["panels"]}
    assert {bind["mode"] for bind in kinds["loss"]["bindings"]} == {"series", "spread"}
    assert "3 seeds: 4 is shown, and 5, 6 train beside it" in told(visit).replace("*", "")
    runs = [run_of(visit).id, *(run.id for run in beside(visit))]
    eventually(lambda: all(house.hub().get(run).state == "finished" for run in runs))
    address = address_of(visit)
    assert address["b"].split(".") == runs[1:]
    again = page(**address)
    assert [right["run"] for right in panel_of(again)["runs"]] == runs
    press(visit, "End comparison")
    assert beside(visit) == []


def test_where_there_is_no_room_for_more_runs_the_page_says_so(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    visit = page()
    begin(visit)
    monkeypatch.setattr(house.hub()._company, "_limits", Limits(max_runs_per_owner=1))
    press(visit, "Train 5 seeds")
    assert beside(visit) == []
    assert "Nothing is compared. You have 1 runs going on" in unescaped(visit.warning[0].value)
    assert json.loads(run_of(visit).spec) == spec_of(visit)
    assert "b" not in address_of(visit)


def test_a_class_sees_the_run_of_a_student_and_none_that_they_compare_it_with(page: OpenPage):
    visit = page(**{"class": "compared-1"})
    begin(visit)
    compare(visit, "activation", "selectbox", "relu")
    (second,) = beside(visit)
    house.hub().command(second.id, "step")
    eventually(lambda: house.hub().get(second.id).step == 1)
    assert (run_of(visit).class_code, second.class_code) == ("compared-1", "")
    assert [line.run.id for line in newest("compared-1")] == [run_of(visit).id]
    assert second.beside == run_of(visit).id


def test_a_link_restores_the_view_of_both_runs(page: OpenPage):
    visit = compare(page(), "activation", "selectbox", "relu")
    begin(visit)
    (second,) = beside(visit)
    house.hub().command(second.id, "step")
    eventually(lambda: house.hub().get(second.id).step == 1)
    house.hub().command(second.id, "step")
    eventually(lambda: house.hub().get(second.id).step == 2)
    # The fourth curve of losses is of B, and only B has step 2.
    guest = page(**address_of(visit), step="2", view="loss.log.hide3*boundary.hide1")
    assert not guest.warning
    plots = {"loss": {"log": True, "hidden": [3]}, "boundary": {"hidden": [1]}}
    assert panel_of(guest)["look"] == {"step": 2, "plots": plots}
    visit = page(run=run_of(visit).id, step="2", view="loss.hide5")
    assert "step 2, for this run is at step 1" in unescaped(visit.warning[0].value)
    assert "loss.hide5" in unescaped(visit.warning[0].value)


def test_a_deleted_run_beside_is_had_again_and_told(page: OpenPage):
    visit = compare(page(), "activation", "selectbox", "relu")
    begin(visit)
    (second,) = beside(visit)
    house.hub().shelf.delete(second.id, second.owner)
    visit.run()
    (new,) = beside(visit)
    assert (new.id != second.id, new.spec) == (True, second.spec)
    assert "was deleted, so another of its settings" in visit.warning[0].value
    assert address_of(visit)["b"] == new.id


def test_whoever_watches_is_told_how_to_compare(page: OpenPage):
    run = begin(page())
    guest = compare(page(run=run.id), "activation", "selectbox", "relu")
    assert beside(guest) == []
    assert "Make a copy of your own" in unescaped(guest.warning[0].value)
    press(guest, "Make my own copy")
    (second,) = beside(compare(guest, "activation", "selectbox", "relu"))
    assert second.owner == run_of(guest).owner != run.owner
