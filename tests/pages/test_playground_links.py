"""Links to the playground: what they restore, and what is told of those that cannot be kept."""

import json
import re

import pytest

from engine.spec import knobs
from pages.ui import house
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import LAB, address_of, begin, eventually, field, panel_of, run_of, spec_of


@pytest.mark.parametrize("setting", knobs(LAB.spec), ids=lambda setting: setting.name)
def test_every_setting_can_be_linked_to(page: OpenPage, setting):
    if setting.options:
        value = setting.options[-1] if setting.kind == "choice" else ",".join(setting.options[-2:])
    else:
        value = {"integer": "3", "number": "0.25", "switch": "false", "integers": "2,3", "text": ""}[setting.kind]
    value = {"samples": "60", "dataset": "xor"}.get(setting.name, value)
    visit = page(**{setting.name: value})
    assert not visit.warning
    expected, ignored = LAB.spec.from_link({setting.name: value})
    assert not ignored
    assert spec_of(visit) == json.loads(expected.to_json())


def test_a_link_to_a_run_shows_that_run(page: OpenPage):
    owner = page(dataset="moons", noise="0.2")
    run = begin(owner)
    watcher = page(run=run.id)
    assert run_of(watcher).id == run.id
    panel = panel_of(watcher)
    assert [(right["run"], right["control"]) for right in panel["runs"]] == [(run.id, False)]
    assert panel["runs"][0]["token"] != panel_of(owner)["runs"][0]["token"]
    assert field(watcher, "dataset", "selectbox").value == "moons"
    assert address_of(watcher)["noise"] == "0.2"


@pytest.mark.parametrize("over", [False, True])
def test_a_link_shows_the_learning_rate_that_the_run_has_now(page: OpenPage, over: bool):
    owner = page(learning_rate="0.3")
    run = begin(owner)
    house.hub().command(run.id, "set", "learning_rate=0.0123")
    eventually(lambda: house.hub().settings(run.id).get("learning_rate") == "0.0123")
    if over:
        house.hub().command(run.id, "stop")
        eventually(lambda: run.id not in house.hub().live_ids())
    visit = page(run=run.id)
    assert field(visit, "learning_rate", "select_slider").value == 0.0123
    assert address_of(visit) == {"run": run.id, "learning_rate": "0.0123"}
    assert panel_of(visit)["rate"] == (0.0123 if over else None)


@pytest.mark.parametrize("unknown", ["nosuchrun", "", "'; drop table runs; --", "../../x", "x" * 10_000, "<script>"])
def test_a_link_to_a_run_that_is_gone_says_so(page: OpenPage, unknown: str):
    visit = page(run=unknown, dataset="xor")
    assert "no longer here" in visit.warning[0].value
    assert spec_of(visit)["dataset"] == "xor"
    assert run_of(visit).id != unknown


@pytest.mark.parametrize(
    "address",
    [
        {"learning_rate": "nan"},
        {"learning_rate": "inf", "noise": "-inf"},
        {"seed": "1" + "0" * 400},
        {"dataset": "elsewhere"},
        {"dataset": "x" * 10_240},
        {"units": "8," * 400},
        {"units": "-1"},
        {"unknown": "1"},
        {"__proto__": "1"},
        {"![x](http://evil.example/a.png)": "1"},
        {"<img src=x onerror=alert(1)>": "1"},
        {"upload": "../../etc/passwd"},
        {"batch_size": "1", "normalisation": "batch"},
    ],
    ids=str,
)
def test_a_bad_link_falls_back_with_one_notice(page: OpenPage, address: dict[str, str]):
    visit = page(**address)
    assert len(visit.warning) == 1
    notice = visit.warning[0].value
    assert len(notice) < 700
    assert not set("![]()<>") & set(re.sub(r"\\.", "", notice))
    assert spec_of(visit) == json.loads(LAB.spec().to_json())
    visit.run()
    assert len(visit.warning) == 1
    field(visit, "dataset", "selectbox").select("xor").run()
    assert not visit.warning


@pytest.mark.parametrize(
    ("address", "kept", "named"),
    [
        (
            {"dataset": "iris", "inputs_from": "columns", "column_x": "nope", "column_y": "petal width (cm)"},
            {"dataset": "iris", "inputs_from": "columns", "column_x": "", "column_y": "petal width (cm)"},
            ["column_x"],
        ),
        ({"dataset": "csv", "upload": "a" * 64, "seed": "5"}, {"dataset": "spiral", "seed": 5}, ["upload", "dataset"]),
        (
            {"dataset": "csv", "upload": "a" * 64, "loss": "mae", "target": "price", "seed": "5"},
            {"dataset": "spiral", "loss": "auto", "seed": 5},
            ["target", "upload", "dataset", "loss"],
        ),
    ],
    ids=["column", "upload", "loss of an upload"],
)
def test_a_link_to_what_is_not_in_a_table_opens_the_lab_all_the_same(page: OpenPage, address, kept, named):
    visit = page(**address)
    assert kept.items() <= spec_of(visit).items()
    (notice,) = visit.warning
    for name in named:
        assert name in notice.value.replace("\\", "")
    if "upload" in named:
        assert "not on this server" in notice.value
    visit.run()
    assert len(visit.warning) == 1


def test_a_link_that_does_not_fit_together_says_so(page: OpenPage):
    visit = page(batch_size="1", normalisation="batch")
    notice = visit.warning[0].value.replace("\\", "")
    assert notice == "Ignored in this link, for they do not fit together: batch_size, normalisation."


def test_a_name_that_is_given_twice_in_a_link_is_told(page: OpenPage):
    visit = page(dataset=["xor", "circle"], noise="0.5")
    assert spec_of(visit)["dataset"] == "circle"
    (notice,) = visit.warning
    assert notice.value.replace("\\", "") == "Given more than once in this link, so the last one counts: dataset."
