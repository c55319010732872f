"""Transfer on the page: what is chosen is trained, shown as a plot and a table, and leads to the very runs."""

import html
import json
from statistics import mean

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import RunRefused
from engine.jobs import Jobs
from engine.labs.catalogue import LABS
from engine.labs.transfer_grid import TRANSFER, WAYS, TransferGridSpec, by_size, gain, settings_of, typical
from pages.ui import house
from pages.ui.images.transfer_explorer import _rows
from tests.hostile import images as i
from tests.pages.conftest import OpenPage
from tests.pages.test_compare import compare
from tests.pages.test_own_texts import run_of
from tests.pages.test_playground import panel_of, spec_of
from tests.pages.test_xor_explorer import LINK, button, parsed, press, table
from tests.pages.waiting import told, until

KEY = "vision.explore.transfer"
LAB = LABS["vision"]
SMALL = TransferGridSpec(net="dense", frozen="1", sizes=("10", "20"), seeds=2)
QUIET = {"hide": "explore-kernel"}


def chosen(visit: AppTest, spec: TransferGridSpec) -> AppTest:
    """Choose the settings as a person does."""
    for name in ("images", "net", "frozen", "seeds"):
        visit.session_state[f"{KEY}-{name}"] = getattr(spec, name)
    visit.session_state[f"{KEY}-sizes"] = list(spec.sizes)
    return visit.run()


def plots(visit: AppTest) -> list[dict]:
    return [json.loads(one.proto.spec) for one in visit.get("plotly_chart")]


def test_nets_are_trained_shown_and_lead_to_their_runs(page: OpenPage):
    visit = chosen(page("vision.py", **QUIET), SMALL)
    before = run_of(visit)
    assert before
    assert table(visit).count("not trained yet") == 6
    assert not plots(visit)
    press(visit, "Train and compare")
    until(visit, lambda: table(visit).count("not trained yet") == 0)
    until(visit, lambda: button(visit, "Stop training them") is None)
    assert button(visit, "Train and compare") is None
    assert run_of(visit) == before, "the run above is left alone"
    found = by_size(SMALL, list(TRANSFER.findings(SMALL)))
    links = LINK.findall(table(visit))
    cells = [(size, some, way) for size, some in found.items() for way in WAYS]
    for (address, sentence, upper, lower), (size, some, way) in zip(links, cells, strict=True):
        scores = [one["scores"][way] for _, one in some]
        assert upper == f"{mean(scores):.0%}"
        assert lower == f"{min(scores):.0%} to {max(scores):.0%}"
        place, one = typical(some, way)
        run = LAB.spec().replace(**settings_of(SMALL, place, way, one["epochs"]))
        assert LAB.spec.from_link(parsed(address)) == (run, ())
        assert f"{size} examples: {mean(scores):.1%} predicted correctly on average over 2 seeds" in html.unescape(
            sentence
        )
        assert sentence.endswith(f"Open the run of seed {place[0]}: {one['scores'][way]:.1%}.")
    (drawn,) = plots(visit)
    lines = {trace["name"]: trace["y"] for trace in drawn["data"] if "lines" in trace["mode"]}
    for way, title in WAYS.items():
        assert lines[title] == pytest.approx([mean(one["scores"][way] for _, one in some) for some in found.values()])
    said = next(one.value for one in visit.markdown if one.value.startswith("With 10 examples, against nets"))
    for way in ("frozen", "free"):
        more, better = gain(found["10"], way)
        size = f"{abs(100 * more):.1f} percentage points {'more' if more > 0 else 'fewer'} right"
        assert f"{size} (more with {better} of 2 seeds)" in said
    visit.session_state[f"{KEY}-take.vision-transfer"] = True
    visit.run()
    files = {one.proto.label: one.proto.url for one in visit.get("download_button")}
    assert {"Table in CSV", "Table in JSON"} <= set(files)
    opened = page("vision.py", **(QUIET | parsed(links[0][0])))
    until(opened, lambda: run_of(opened))
    assert (spec_of(opened)["frozen"], spec_of(opened)["pretrain_epochs"]) == ("1", 5)
    # Whoever chooses the same sees it at once.
    other = chosen(page("vision.py", **QUIET), SMALL)
    assert LINK.findall(table(other)) == links


def test_what_is_taken_away_has_a_row_for_every_net():
    findings = [
        {"examples": 10, "epochs": 100, "scores": {"frozen": 0.5, "free": 0.6, "scratch": 0.4}},
        {"examples": 20, "epochs": 50, "scores": {"frozen": 0.7, "free": 0.8, "scratch": 0.3}},
    ]
    rows = _rows(SMALL, findings)
    assert [(row["examples"], row["seed"], row["epochs"], row["accuracy"]) for row in rows] == [
        *((10, 1, 100, score) for score in (0.5, 0.6, 0.4)),
        *((20, 1, 50, score) for score in (0.7, 0.8, 0.3)),
    ]
    assert [row["begins"] for row in rows[:3]] == list(WAYS.values())


def test_it_can_be_stopped_and_begun_again(page: OpenPage):
    visit = chosen(page("vision.py", **QUIET), SMALL.replace(net="vgg", sizes=("all",), seeds=20))
    press(visit, "Train and compare")
    assert visit.get("progress")
    press(visit, "Stop training them")
    assert button(visit, "Train and compare") is not None
    assert not visit.get("progress")


def test_no_number_of_examples_is_told(page: OpenPage):
    visit = page("vision.py", **QUIET)
    visit.session_state[f"{KEY}-sizes"] = []
    visit.run()
    assert not visit.exception
    assert any("Choose at least one number of examples" in one for one in told(visit))
    assert button(visit, "Train and compare") is None


def test_where_there_is_no_room_it_is_said(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise RunRefused("40 others wait for their turn: try again in a minute.")

    visit = chosen(page("vision.py", **QUIET), SMALL.replace(seeds=1))
    monkeypatch.setattr(Jobs, "ask", refuse)
    press(visit, "Train and compare")
    assert any("40 others wait" in one for one in told(visit))


def test_the_other_half_is_learnt_while_one_watches_and_can_be_called_off(page: OpenPage):
    asked = {"classes": "second_half", "pretrain_epochs": "50", "net": "vgg", "max_epochs": "1", **QUIET}
    visit = page("vision.py", **asked)
    doing = "Learning the other half of the classes"
    until(visit, lambda: any(doing in one.proto.text for one in visit.get("progress")))
    assert not run_of(visit)
    press(visit, "Cancel")
    until(visit, lambda: any("Learning the other half was called off" in one for one in told(visit)))
    assert button(visit, "Learn the other half") is not None
    quick = page("vision.py", **(asked | {"pretrain_epochs": "1", "net": "dense", "frozen": "body"}))
    until(quick, lambda: run_of(quick))
    assert not [one for one in told(quick) if "called off" in one]


def test_a_net_that_has_learnt_before_is_compared_with_one_from_scratch(page: OpenPage):
    visit = page("vision.py", classes="second_half", net="dense", max_epochs="1", train_images="20", **QUIET)
    compare(visit, "pretrain_epochs", "slider", 2)
    mine, other = (LAB.spec.from_json(house.hub().get(right["run"]).spec) for right in panel_of(visit)["runs"])
    assert mine.differences(other) == ("pretrain_epochs",)
    assert other.pretrain_epochs == 2
    assert [right["words"] for right in panel_of(visit)["runs"]] == [
        "Epochs on the other half before: 0",
        "Epochs on the other half before: 2",
    ]


def test_half_of_two_classes_is_told(page: OpenPage, own_hub):
    asked = i.keep(own_hub, {"m.zip": i.archive(i.pictures())}, "someone")
    visit = page("vision.py", images="own", own_images=asked, classes="first_half", own_side="8", **QUIET)
    until(visit, lambda: any("expected at least four classes" in one for one in told(visit)))
    assert not run_of(visit)
