"""A run that goes away as a file and comes back: it stands where it stood, and goes on with the same numbers."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from engine.errors import DataError, LearnscopeError, RunError
from engine.frames import decode
from engine.labs.playground import LAB, PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.runs.past import walk
from engine.runs.recordings import Recordings
from engine.runs.run import Run
from engine.runs.runfile import MAX_BYTES, RunFile
from engine.runs.store import Store
from pages.ui import house
from pages.ui.bringback import restored
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import address_of, eventually, panel_of, run_of

SETTINGS = {"units": (4, 3), "normalisation": "batch", "dropout": 0.2, "samples": 120, "optimizer": "adam"}
PICKLE = (
    b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x02ls\x94\x85\x94R\x94."
)


@pytest.fixture(scope="module")
def trained(own_hub: Path) -> Iterator[Run]:
    """A run three epochs old whose rate was changed after the first two, and two of its numbers by hand."""
    hub = house.hub()
    run = hub.open("playground", PlaygroundSpec(**SETTINGS), "someone")  # type: ignore[arg-type]
    for epochs in (1, 2, 3):
        before = hub.get(run.id).step
        hub.command(run.id, "epoch")
        eventually(lambda before=before: hub.get(run.id).state == "paused" and hub.get(run.id).step > before)
        if epochs < 3:
            hub.command(run.id, "set", f"learning_rate={0.1 / epochs}")
            hub.command(run.id, "set", f"layers.0.weight[1, 0]={0.5 * epochs}")
    hub.command(run.id, "set", "layers.1.bias[2]=-0.75")
    eventually(lambda: len(hub.changes(run.id)) == 5)
    eventually(lambda: decode(hub.recordings.frame(run.id, 10**9) or b"").header["step"] == hub.get(run.id).step)
    yield hub.get(run.id)
    hub.command(run.id, "stop")


def rows_of(run: Run) -> dict[int, np.ndarray]:
    return {step: np.frombuffer(row) for step, row in house.hub().recordings.rows(run.id)}


@pytest.fixture
def opened() -> Iterator[Callable[[bytes], Run]]:
    """Return a function that opens a file as another person; what was opened is ended."""
    runs: list[Run] = []

    def open_file(data: bytes) -> Run:
        runs.append(restored(LAB, data, "another"))
        return runs[-1]

    yield open_file
    for run in runs:
        house.hub().command(run.id, "stop")


@pytest.mark.parametrize("back", [0, 1, 4], ids=["the last step", "the step before", "between two checkpoints"])
@pytest.mark.usefixtures("one_thread")  # as in a worker
def test_a_run_comes_back_as_it_stood_and_goes_on_with_the_same_numbers(
    trained: Run, opened: Callable[[bytes], Run], back: int
):
    recordings = house.hub().recordings
    steps = sorted(rows_of(trained))
    step = steps[-1 - back]
    at, data = house.hub().takeaway.whole(trained, step)
    assert at == step
    run = opened(data)
    assert (run.owner, run.step, run.state, run.spec) == ("another", step, "paused", trained.spec)
    before, after = (decode(recordings.frame(of.id, step) or b"") for of in (trained, run))
    assert after.header["step"] == step
    for name, array in before.arrays.items():
        if name != "scalars":
            np.testing.assert_array_equal(after.arrays[name], array, err_msg=name)
    loss = after.arrays["scalars"][0]
    assert loss == before.arrays["scalars"][0]

    house.hub().command(run.id, "epoch")
    eventually(lambda: house.hub().get(run.id).state == "paused" and house.hub().get(run.id).step > step)
    changes = [change for change in house.hub().changes(trained.id) if change[0] <= step]
    expected = walked(changes, house.hub().get(run.id).step)
    found = rows_of(run)
    assert min(found) == step
    for number, row in found.items():
        assert row[0] == expected[number], number


def walked(changes: list[tuple[int, str, str]], last: int) -> dict[int, float]:
    """Return the loss on the training points of a run that never went anywhere."""
    experiment = PlaygroundExperiment(PlaygroundSpec(**SETTINGS))  # type: ignore[arg-type]
    found = {}
    for step in walk(experiment.steps(), experiment, changes, last):
        found[step.number] = experiment.observe(step).scalars["loss"]
    return found


def test_a_run_that_came_back_is_recorded_as_any_other(trained: Run, opened: Callable[[bytes], Run]):
    hub = house.hub()
    run = opened(hub.takeaway.whole(trained)[1])
    stored = Recordings(Store())  # what would be left if the server died now
    eventually(lambda: stored.opening(run.id) is not None)
    eventually(lambda: stored.frame(run.id, run.step) is not None)
    hub.command(run.id, "stop")
    eventually(lambda: run.id not in hub.live_ids())
    assert hub.recordings.opening(run.id) is not None
    assert hub.recordings.frame(run.id, run.step) is not None
    assert hub.settings(run.id) == {"learning_rate": "0.05"}
    hub.command(run.id, "step")
    eventually(lambda: hub.get(run.id).step == run.step + 1)


@pytest.fixture(scope="module")
def good(trained: Run) -> dict[str, Any]:
    """What a file holds that can be opened."""
    return json.loads(house.hub().takeaway.whole(trained)[1])


def changed(good: dict[str, Any], **entries: Any) -> bytes:
    return json.dumps({**good, **entries}).encode()


def with_arrays(good: dict[str, Any], **arrays: np.ndarray | None) -> bytes:
    """Return a file with some arrays of its state changed, by names with __ for a point; None takes one away."""
    state = load(base64.b64decode(good["checkpoint"]["safetensors"]))
    for name, array in arrays.items():
        state.pop(name.replace("__", "."), None)
        if array is not None:
            state[name.replace("__", ".")] = array
    return with_state(good, save(state))


def with_state(good: dict[str, Any], state: bytes) -> bytes:
    checkpoint = {**good["checkpoint"], "safetensors": base64.b64encode(state).decode()}
    return changed(good, checkpoint=checkpoint)


HUGE = "9" * 5000
BAD_FILES: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
    "empty": (lambda good: b"", "no file of a run"),
    "a picture": (lambda good: b"\x89PNG\r\n\x1a\n" + bytes(99), "no file of a run"),
    "a pickle": (lambda good: PICKLE, "no file of a run"),
    "too large": (lambda good: b" " * (MAX_BYTES + 1), "too large for a run: expected at most 5 MB"),
    "cut short": (lambda good: changed(good)[:-40], "no file of a run"),
    "very deep": (lambda good: b"[" * 100_000, "no file of a run"),
    "a huge number": (lambda good: b'{"step": ' + HUGE.encode() + b"}", "no file of a run"),
    "NaN": (lambda good: b'{"step": NaN}', "no file of a run"),
    "half a character": (lambda good: changed(good, lab="\ud800"), "There is no lab"),
    "a list": (lambda good: b"[1, 2]", "expected a JSON object"),
    "no lab": (lambda good: changed(good, lab=None), "expected text as lab"),
    "another lab": (lambda good: changed(good, lab="kitchen"), "There is no lab 'kitchen'"),
    "a list as spec": (lambda good: changed(good, spec=[]), "expected an object as spec"),
    "a strange setting": (lambda good: changed(good, spec={"oven": 1}), "There is no setting 'oven'"),
    "a bad setting": (lambda good: changed(good, spec={"units": [10**9]}), "units: expected"),
    "no table": (lambda good: changed(good, spec={"dataset": "csv", "upload": "f" * 64}), "is not on this server"),
    "a step below 0": (lambda good: changed(good, step=-1), "its step to be from 0"),
    "a step as text": (lambda good: changed(good, step="1"), "expected a whole number as step"),
    "a truth as step": (lambda good: changed(good, step=True), "expected a whole number as step"),
    "a step too far": (lambda good: changed(good, step=10**12), "its step to be from 0"),
    "years of work": (lambda good: changed(good, step=10**9), "a checkpoint that is too old"),
    "a checkpoint to come": (
        lambda good: changed(good, checkpoint={**good["checkpoint"], "step": good["step"] + 1}),
        "step of its checkpoint",
    ),
    "a checkpoint of another step": (
        lambda good: changed(good, checkpoint={**good["checkpoint"], "step": 0}),
        "its checkpoint is not of step 0",
    ),
    "no checkpoint": (lambda good: changed(good, checkpoint=None), "expected an object as checkpoint"),
    "no base 64": (lambda good: changed(good, checkpoint={"step": 0, "safetensors": "§"}), "in base 64"),
    "a pickle inside": (lambda good: with_state(good, PICKLE), "no safetensors file"),
    "a huge header": (lambda good: with_state(good, b"\xff" * 8 + b"{}"), "no safetensors file"),
    "no number of its step": (lambda good: with_arrays(good, number__number=None), "is not of step"),
    "a weight that is no number": (
        lambda good: with_arrays(good, net__layers__0__weight=np.full((2, 2), np.nan, np.float32)),
        "'net.layers.0.weight' in its checkpoint holds no numbers",
    ),
    "a state carried on that is infinite": (
        lambda good: with_arrays(good, state__0=np.array([1, -np.inf], np.float32)),
        "'state.0' in its checkpoint holds no numbers",
    ),
    "changes of a setting that stays": (lambda good: changed(good, changes=[[0, "units", "3"]]), "changes 'units'"),
    "changes to nothing": (
        lambda good: changed(good, changes=[[0, "learning_rate", "much"]]),
        "learning_rate: expected",
    ),
    "a hand in no number": (
        lambda good: changed(good, changes=[[0, "layers.0.weight[0", "1"]]),
        "names no number of a net",
    ),
    "a hand with no number": (
        lambda good: changed(good, changes=[[0, "layers.0.weight[0, 0]", "nan"]]),
        "expected a number such as",
    ),
    "changes to come": (
        lambda good: changed(good, changes=[[10**6, "learning_rate", "1"]]),
        "each change to be a step",
    ),
    "changes of no form": (lambda good: changed(good, changes=[{"a": 1}]), "each change to be a step"),
    "changes out of order": (
        lambda good: changed(good, changes=[[3, "learning_rate", "1"], [1, "learning_rate", "1"]]),
        "in the order of their steps",
    ),
    "changes without end": (lambda good: changed(good, changes=[[0, "learning_rate", "1"]] * 10_001), "10,001 changes"),
}
# These are found out by the worker that builds the net.
BAD_STATES: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
    "no optimiser": (
        lambda good: with_arrays(good, **{"optimizer__layers__0__weight__exp_avg": None}),
        "lacks optimizer.",
    ),
    "no gradient": (lambda good: with_arrays(good, gradient__layers__0__bias=None), "lacks gradient.layers.0.bias"),
    "no weights": (lambda good: with_arrays(good, net__layers__0__weight=None), "lacks net.layers.0.weight"),
    "another shape": (
        lambda good: with_arrays(good, net__layers__0__weight=np.zeros((5, 2), np.float32)),
        "net.layers.0.weight in this file does not fit the settings: expected float32 4 × 2, received float32 5 × 2",
    ),
    "another dtype": (lambda good: with_arrays(good, net__layers__0__bias=np.zeros(4)), "received float64 4"),
    "something more": (lambda good: with_arrays(good, net__evil=np.zeros(4)), "holds 'net.evil'"),
    "no random generator": (lambda good: with_arrays(good, generator__dropout=None), "lacks generator.dropout"),
    "a random generator of zeros": (
        lambda good: with_arrays(good, generator__dropout=np.zeros(5056, np.uint8)),
        "random generator dropout in this checkpoint is none",
    ),
    "no rate": (lambda good: with_arrays(good, number__learning_rate=None), "does not hold the numbers that it should"),
    "a rate that is none": (
        lambda good: with_arrays(good, number__learning_rate=np.array(np.nan)),
        "learning_rate: expected a number",
    ),
    "more changes behind it than were made": (lambda good: changed(good, changes=[]), "more behind it"),
    "a hand in a net that has no such number": (
        lambda good: changed(good, changes=[*good["changes"], [good["step"], "layers.9.bias[0]", "1"]]),
        "The net has no 'layers.9.bias'",
    ),
    "an epoch without end": (lambda good: with_arrays(good, number__epoch=np.array(np.inf)), "is of no step"),
    "settings of another net": (
        lambda good: changed(good, spec={**good["spec"], "units": [5]}),
        "does not fit|lacks|holds",
    ),
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_file_that_is_no_run_is_refused_in_a_sentence(good: dict[str, Any], bad: str):
    make, why = BAD_FILES[bad]
    data = make(good)
    with pytest.raises(LearnscopeError) as refused:
        restored(LAB, data, "hostile")
    sentence = str(refused.value)
    assert why in sentence
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 500
    assert house.hub().runs_of("hostile") == []


@pytest.mark.parametrize("bad", BAD_STATES)
def test_a_state_that_does_not_fit_is_refused_and_leaves_nothing_behind(good: dict[str, Any], bad: str):
    make, why = BAD_STATES[bad]
    with pytest.raises(RunError, match=why):
        restored(LAB, make(good), "hostile")
    assert house.hub().runs_of("hostile") == []


def test_a_file_of_another_lab_is_sent_there(good: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    other = RunFile.from_json(changed(good))
    monkeypatch.setattr(RunFile, "read", lambda _: RunFile("playground", other.spec, 0, (), 0, b""))
    with pytest.raises(DataError, match="a run of the lab Playground: open it there"):
        restored(replace(LAB, name="kitchen"), b"", "me")


def test_the_page_shows_the_run_of_a_file_and_a_refusal_once(page: OpenPage, good: dict[str, Any]):
    visit = page()
    first = run_of(visit)
    (uploader,) = [field for field in visit.file_uploader if str(field.key).endswith(".bring.file")]
    uploader.upload("broken.json", changed(good, step=-1), "application/json").run()
    assert not visit.exception
    assert "its step to be from 0" in visit.error[0].value.replace("\\", "")
    assert run_of(visit).id == first.id
    (uploader,) = [field for field in visit.file_uploader if str(field.key).endswith(".bring.file")]
    uploader.set_value(("run.json", changed(good), "application/json")).run()
    assert not visit.error
    run = run_of(visit)
    assert run.id != first.id
    assert run.step == good["step"]
    assert address_of(visit)["learning_rate"] == "0.05"
    assert panel_of(visit)["runs"][0]["control"] is True
    visit.run()
    assert run_of(visit).id == run.id, "a file is opened once"
