"""The files that the command line makes, and what it makes of bad ones."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from engine.__main__ import main
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.runs.weights import Weights, net_in

SMALL = ("--set", "dataset=circle", "--set", "samples=40", "--set", "units=3")
STEPS = 25


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


@pytest.fixture
def kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    file = tmp_path / "net.safetensors"
    change = "--change=10:learning_rate=0.2"
    done = told(["weights", "playground", *SMALL, "--steps", str(STEPS), change, "--output", str(file)], capsys)
    assert done == {"written": str(file), "bytes": file.stat().st_size, "step": STEPS}
    return file


def test_weights_are_those_of_the_same_steps(kept: Path):
    experiment = PlaygroundExperiment(PlaygroundSpec(dataset="circle", samples=40, units=(3,)))
    for step in itertools.islice(experiment.steps(), STEPS + 1):
        if step.number == 10:
            experiment.set("learning_rate", "0.2")
    expected = net_in(experiment.checkpoint())
    found = load(kept.read_bytes())
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)


def test_weights_become_an_onnx_file(kept: Path, capsys: pytest.CaptureFixture[str]):
    pytest.importorskip("onnx")
    file = kept.with_suffix(".onnx")
    assert told(["onnx", str(kept), "--output", str(file)], capsys)["step"] == STEPS
    assert file.stat().st_size > 0


def test_metrics_become_an_event_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pytest.importorskip("tensorboardX")
    table = tmp_path / "metrics.csv"
    table.write_text("step,loss\r\n0,0.5\r\n7,nan\r\n")
    assert told(["events", str(table), "--output", str(tmp_path / "x.tfevents")], capsys)["step"] == 7


def altered(tensors: dict, **changes: object) -> bytes:
    """Return a file of weights with some tensors or metadata changed; None takes one away."""
    weights = Weights("playground", PlaygroundSpec(units=(3,)).to_json(), 1, tensors)
    metadata = {"lab": weights.lab, "spec": weights.spec, "step": "1"}
    for name, value in changes.items():
        chosen = metadata if name in metadata else tensors
        chosen.pop(name.replace("__", "."), None)
        if value is not None:
            chosen[name.replace("__", ".")] = value
    return save(tensors, metadata)


BAD = {
    "nothing": (lambda _: b"", "no safetensors file"),
    "a pickle": (lambda _: b"\x80\x04K\x01.", "no safetensors file"),
    "a huge header": (lambda _: b"\xff" * 8 + b"{}", "no safetensors file"),
    "cut short": (lambda tensors: altered(tensors)[:-3], "no safetensors file"),
    "of no run": (lambda tensors: save(tensors), "does not say of which run"),
    "of no step": (lambda tensors: altered(tensors, step="-1"), "does not say of which run"),
    "of no lab": (lambda tensors: altered(tensors, lab="kitchen"), "There is no lab 'kitchen'"),
    "of no spec": (lambda tensors: altered(tensors, spec="[1]"), "no JSON object"),
    "a tensor less": (lambda tensors: altered(tensors, layers__0__bias=None), "lacks layers.0.bias"),
    "a tensor more": (lambda tensors: altered(tensors, evil=np.zeros(3)), "holds 'evil'"),
    "another shape": (
        lambda tensors: altered(tensors, layers__0__bias=np.zeros(4, np.float32)),
        "layers.0.bias in this file does not fit the settings: expected float32 3, received float32 4",
    ),
    "another dtype": (lambda tensors: altered(tensors, layers__0__bias=np.zeros(3)), "received float64 3"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_weights_are_refused_in_a_sentence(bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pytest.importorskip("onnx")
    make, why = BAD[bad]
    experiment = PlaygroundExperiment(PlaygroundSpec(units=(3,)))
    next(experiment.steps())
    (tmp_path / "bad").write_bytes(make(net_in(experiment.checkpoint())))
    assert why in refused(["onnx", str(tmp_path / "bad"), "--output", str(tmp_path / "out")], capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "table", ["", "step\n", "a,b\n1,2\n", "step,loss\n0\n", "step,loss\n0,x\n", "step,loss\nx,1\n"]
)
def test_a_bad_table_is_refused_in_a_sentence(table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pytest.importorskip("tensorboardX")
    (tmp_path / "bad").write_text(table)
    assert "table of metrics" in refused(["events", str(tmp_path / "bad"), "--output", str(tmp_path / "out")], capsys)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    arguments = ["weights", "playground", *SMALL, "--steps", "1", "--output", str(tmp_path / "no" / "x")]
    assert "cannot be written: No such file or directory" in refused(arguments, capsys)
