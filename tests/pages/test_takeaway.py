"""What one takes away from a run: each file, used as whoever takes it would use it, gives the numbers of the run."""

import csv
import io
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load

from engine.__main__ import main
from engine.errors import RunError
from engine.frames import Message, decode
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.probes.boundary import grid_coordinates, make_axis
from engine.readings import Arrays
from engine.runs import extras
from engine.runs.run import Run
from engine.version import VERSION
from pages.ui import house
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import begin, eventually, tell

FORGETFUL = {"units": "4,3", "normalisation": "batch", "dropout": "0.2", "activation": "gelu", "samples": "120"}


@pytest.fixture(scope="module")
def trained(own_hub: Path) -> Iterator[dict[str, Run]]:
    """Runs of a plain net and of one that remembers more than its parameters, a few epochs old, the rate changed, and a
    number of each net by hand.
    """
    hub = house.hub()
    runs = {}
    for name, settings in (("plain", {"units": "3", "dataset": "moons"}), ("batch norm", FORGETFUL)):
        run = hub.open("playground", PlaygroundSpec.from_strings(settings), "someone")
        for epochs in (1, 2):
            hub.command(run.id, "epoch")
            eventually(lambda run=run, epochs=epochs: _paused_after(run.id, epochs))
            hub.command(run.id, "set", f"learning_rate={0.5 / epochs}")
            hub.command(run.id, "set", f"layers.0.weight[1, 0]={0.5 * epochs}")
        eventually(lambda run=run: len(hub.changes(run.id)) == 4)
        eventually(lambda run=run: hub.settings(run.id).get("learning_rate") == "0.25")
        runs[name] = hub.get(run.id)
    yield runs
    for run in runs.values():
        hub.command(run.id, "stop")


def _paused_after(run_id: str, epochs: int) -> bool:
    run = house.hub().get(run_id)
    rows = house.hub().recordings.rows(run_id)
    return run.state == "paused" and len(rows) > 1 and frame(run, run.step).arrays["scalars"][6] >= epochs


def frame(run: Run, step: int) -> Message:
    payload = house.hub().recordings.frame(run.id, step)
    assert payload is not None
    return decode(payload)


def recorded_steps(run: Run) -> list[int]:
    return [step for step, _ in house.hub().recordings.rows(run.id)]


def experiment_of(run: Run) -> PlaygroundExperiment:
    return PlaygroundExperiment(PlaygroundSpec.from_json(run.spec))


def surface(run: Run, outputs: np.ndarray) -> np.ndarray:
    """Return outputs on the grid as the boundary that is drawn."""
    return experiment_of(run).task.surface(torch.tensor(outputs)).numpy()


def grid_of(run: Run) -> np.ndarray:
    dataset = experiment_of(run).dataset
    return dataset.inputs(grid_coordinates(make_axis(dataset)))


def boundary_with(run: Run, tensors: Arrays) -> np.ndarray:
    """Return the boundary of a net of a run's spec with these tensors."""
    net, _ = experiment_of(run).net_with(tensors)
    with torch.no_grad():
        return surface(run, net(torch.tensor(grid_of(run))).numpy())


@pytest.mark.parametrize("name", ["plain", "batch norm"])
def test_weights_are_those_of_the_step(trained: dict[str, Run], name: str, tmp_path: Path):
    run = trained[name]
    steps = recorded_steps(run)
    for wanted in (None, 0, steps[len(steps) // 2], steps[-2]):
        weights = house.hub().takeaway.weights(run, wanted)
        at, data = weights.step, weights.to_bytes()
        seen = frame(run, at)
        assert at == (steps[-1] if wanted is None else wanted) == seen.header["step"]
        tensors = load(data)
        for parameter in (n for n in seen.arrays if n.startswith("weights.")):
            np.testing.assert_array_equal(tensors[parameter.removeprefix("weights.")], seen.arrays[parameter])
        expected = seen.arrays["boundary.value"].ravel()
        np.testing.assert_allclose(boundary_with(run, tensors), expected, atol=2e-6, err_msg=str(wanted))
    assert set(tensors) == set(experiment_of(run).make_net().state_dict())
    file = tmp_path / "w.safetensors"
    file.write_bytes(data)
    with safe_open(file, "np") as opened:
        told = opened.metadata()
    assert told == {"lab": "playground", "spec": run.spec, "step": str(at), "learnscope": VERSION}


def test_a_step_that_was_not_recorded_gives_the_one_before(trained: dict[str, Run]):
    run = trained["plain"]
    assert house.hub().takeaway.weights(run, 10**9).step == recorded_steps(run)[-1]


@pytest.mark.parametrize("name", ["plain", "batch norm"])
def test_an_onnx_file_answers_as_the_net_did(trained: dict[str, Run], name: str):
    onnx = pytest.importorskip("onnx")
    run = trained[name]
    wanted = recorded_steps(run)[-3]
    at, data = house.hub().takeaway.onnx(run, wanted)
    assert at == wanted
    model = onnx.load_from_string(data)
    from onnx.reference import ReferenceEvaluator

    (outputs,) = ReferenceEvaluator(model).run(None, {"inputs": grid_of(run)})  # 2500 rows: any number may come at once
    expected = frame(run, at).arrays["boundary.value"].ravel()
    np.testing.assert_allclose(surface(run, outputs), expected, atol=1e-5)
    told = {prop.key: prop.value for prop in model.metadata_props}
    assert told["inputs"] == "x, y"
    assert (told["lab"], told["spec"], told["step"]) == ("playground", run.spec, str(at))


def test_metrics_are_all_numbers_that_were_recorded(trained: dict[str, Run]):
    run = trained["plain"]
    at, data = house.hub().takeaway.metrics(run)
    names, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    assert names == ["step", *experiment_of(run).scalars]
    recorded = house.hub().recordings.rows(run.id)
    assert [int(row[0]) for row in rows] == [step for step, _ in recorded]
    assert at == recorded[-1][0]
    for row, (_, expected) in zip(rows, recorded, strict=True):
        assert np.array(row[1:], np.float64).tobytes() == np.frombuffer(expected).tobytes()
    assert "nan" in rows[0], "the update before the first step is no number, and not 0"


def test_tensorboard_reads_the_metrics(trained: dict[str, Run]):
    pytest.importorskip("tensorboardX")
    run = trained["plain"]
    at, data = house.hub().takeaway.events(run)
    read = {}
    for event in events(data):
        for value in event.summary.value:
            read[value.tag, event.step] = value.simple_value
    recorded = dict(house.hub().recordings.rows(run.id))
    assert at == max(recorded)
    expected = {
        (name, step): np.float32(value)
        for step, row in recorded.items()
        for name, value in zip(experiment_of(run).scalars, np.frombuffer(row), strict=True)
    }
    assert read.keys() == expected.keys()
    np.testing.assert_array_equal([read[key] for key in expected], list(expected.values()))


def events(data: bytes) -> Iterator:
    """Yield the events of a file, whose records are each guarded by two checksums (TFRecord)."""
    from tensorboardX.proto.event_pb2 import Event

    while data:
        length, check = struct.unpack_from("<QI", data)
        body = data[12 : 12 + length]
        assert check == masked(data[:8])
        assert struct.unpack_from("<I", data, 12 + length)[0] == masked(body)
        yield Event.FromString(body)
        data = data[16 + length :]


def masked(data: bytes) -> int:
    """Return the CRC-32C (Castagnoli), bit by bit, in TensorFlow's mask."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def press(visit, label: str):
    return next(button for button in visit.button if button.label == label).click().run(timeout=60)


def choose(visit, form: str):
    pills = next(group for group in visit.button_group if str(group.key).endswith(".take.form"))
    return pills.set_value(form).run()


def test_a_run_can_be_taken_away_as_a_script_with_what_was_changed(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    visit = page(dataset="moons", units="3")
    run = begin(visit)
    house.hub().command(run.id, "set", "learning_rate=0.25")
    house.hub().command(run.id, "set", "layers.0.weight[2, 1]=-0.75")
    eventually(lambda: house.hub().settings(run.id).get("learning_rate") == "0.25")
    house.hub().command(run.id, "epoch")
    eventually(lambda: house.hub().get(run.id).state == "paused" and house.hub().get(run.id).step > 1)
    eventually(lambda: len(house.hub().changes(run.id)) == 2)
    press(visit, "Write the script")
    assert not visit.exception
    text = visit.code[0].value
    assert f"else {house.hub().get(run.id).step}\n" in text
    monkeypatch.setattr(sys, "argv", ["run.py"])
    exec(compile(text, "run.py", "exec"), {"__name__": "run"})
    messages = {message.kind: message for message in map(decode, house.hub().watch(run.id, lambda: None).take())}
    names, row = messages["opening"].header["scalars"], messages["frame"].arrays["scalars"]
    scalars = dict(zip(names, row, strict=True))
    told = dict(line.rsplit(" ", 1) for line in capsys.readouterr().out.splitlines())
    assert float(told["training loss"]) == pytest.approx(scalars["loss"], rel=1e-5)
    assert float(told["validation loss"]) == pytest.approx(scalars["val_loss"], rel=1e-5)


def test_every_form_can_be_had_on_the_page(page: OpenPage):
    visit = page(dataset="moons", units="2")
    run = begin(visit)
    for form, label, extension in (
        ("Weights", "Make the file of weights", "safetensors"),
        ("Metrics", "Make the table", "csv"),
        ("TensorBoard", "Make the event file", "tfevents"),
        ("ONNX", "Make the ONNX file", "onnx"),
    ):
        choose(visit, form)
        assert not visit.get("download_button")
        press(visit, label)
        assert not visit.exception
        assert not visit.warning, visit.warning[0].value
        (button,) = visit.get("download_button")
        assert button.proto.label.replace("\\", "") == f"Download playground-{run.id[:6]}-1.{extension}"
    choose(visit, "Weights")
    next(field for field in visit.number_input if field.label == "Step").set_value(0).run()
    press(visit, "Make the file of weights")
    assert f"{run.id[:6]}-0.safetensors" in visit.get("download_button")[0].proto.label.replace("\\", "")
    next(field for field in visit.number_input if field.label == "Step").set_value(77).run()
    press(visit, "Make the file of weights")
    assert "Step 77 was not recorded: this is step 1." in [caption.value for caption in visit.caption]


@pytest.mark.parametrize(("form", "package"), [("ONNX", "onnx"), ("TensorBoard", "tensorboardX")])
def test_what_is_not_installed_is_told_with_what_to_install(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str, package: str
):
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    visit = page()
    choose(visit, form)
    (told,) = [info.value for info in visit.info if package in info.value]
    assert "pip install -r requirements-extras.txt" in told
    assert not [button for button in visit.button if "file" in button.label]
    make = house.hub().takeaway.onnx if form == "ONNX" else house.hub().takeaway.events
    with pytest.raises(RunError, match=f"take the package {package}"):
        make(begin(visit))
    command = ["onnx", "x.safetensors"] if form == "ONNX" else ["events", "x.csv"]
    capsys.readouterr()  # what Streamlit has logged
    assert main([*command, "--output", "x"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_of_which_nothing_is_recorded_says_so(page: OpenPage):
    visit = page()
    run = Run("nowhere", "playground", "{}", "me", "failed", 0, "", 0, 0)
    for make in (house.hub().takeaway.weights, house.hub().takeaway.metrics):
        with pytest.raises(RunError, match="Nothing was recorded"):
            make(run)
    assert not visit.exception


def test_the_step_that_is_taken_follows_the_one_looked_at(page: OpenPage):
    visit = page()
    run = begin(visit)
    house.hub().command(run.id, "step")
    eventually(lambda: house.hub().get(run.id).step == 2)

    def asked() -> int | None:
        (field,) = [field for field in visit.number_input if str(field.key).endswith(f".step.{run.id}")]
        return field.value

    choose(visit, "Weights")
    assert asked() is None
    for step in (1, 0, None, 1):
        tell(visit, "look", {"run": run.id, "step": step})
        assert asked() == step
    visit.run()
    assert asked() == 1
    for told in ({"run": run.id, "step": -1}, {"run": run.id, "step": True}, {"run": "another", "step": 0}, None, "0"):
        tell(visit, "look", told)
        assert asked() == 1
    # What a person types stays until they look elsewhere.
    next(field for field in visit.number_input if str(field.key).endswith(f".step.{run.id}")).set_value(2).run()
    visit.run()
    assert asked() == 2
    tell(visit, "look", {"run": run.id, "step": 0})
    assert asked() == 0
