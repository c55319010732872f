"""The command line, run as a person runs it."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from itertools import pairwise

import pytest

from engine.__main__ import is_frame, main

NO_LAB = (
    "There is no lab 'playgroud': expected one of playground, vision, sequences, generation, translation, "
    "transformers, pretrained, train_words."
)

CHANCE = ("--set", "dropout=0.3", "--set", "normalisation=batch", "--set", "noise=0.2")
SMALL = ("--set", "dataset=circle", "--set", "samples=40", "--set", "units=3")


def _engine(*arguments, **more):
    command = [sys.executable, "-m", "engine", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **more)


def _refused(arguments, capsys):
    """Return what is told in one line in place of an answer."""
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


def _lines(done):
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return _read(done.stdout)


def _read(text):
    return [json.loads(line, parse_constant=_refuse) for line in text.splitlines()]


def _refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


def test_labs_are_listed():
    assert _engine("labs").stdout.startswith("playground       Playground ")
    lab = _lines(_engine("labs", "--json"))[0]
    assert lab["name"] == "playground"
    assert lab["settings"]["dataset"] == "spiral"


def test_run_prints_frames_and_a_result_and_another_process_the_same_bytes(capsys):
    done = _engine("run", "playground", *SMALL, *CHANCE, "--steps", "150")
    *frames, last = _lines(done)
    assert [frame["step"] for frame in frames] == [*range(100), 100, 110, 120, 130, 140, 150]
    assert all({"step", "loss", "val_loss", "score", "val_score"} <= frame.keys() for frame in frames)
    assert frames[0]["update.layers.0"] is None
    assert all(isinstance(frame["update.layers.0"], float) for frame in frames[1:])
    result = last["result"]
    assert result["ended"] == "All 150 steps asked for are done."
    assert result["val_loss"] == frames[-1]["val_loss"]
    assert result["spec"]["samples"] == 40
    assert main(["run", "playground", *SMALL, *CHANCE, "--steps", "150"]) == 0
    assert capsys.readouterr().out == done.stdout


def test_script_does_what_run_does(monkeypatch, capsys):
    assert main(["script", "playground", *SMALL, "--steps", "30", "--change", "12:learning_rate=0.5"]) == 0
    text = capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["run.py"])
    exec(compile(text, "run.py", "exec"), {"__name__": "run"})
    told = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()[:31]]
    assert main(["run", "playground", *SMALL, "--steps", "30"]) == 0
    *frames, _ = _read(capsys.readouterr().out)
    losses = [frame["batch_loss"] for frame in frames]
    assert told[:13] == losses[:13]
    assert told[14:] != losses[14:]


def test_file_of_settings_and_changes_to_it(tmp_path, capsys):
    file = tmp_path / "spec.json"
    file.write_text('\ufeff{"dataset": "line", "units": [], "max_epochs": 2, "seed": 5}', encoding="utf-8")
    assert main(["run", "playground", "--spec", str(file), "--set", "seed=6"]) == 0
    *frames, last = _read(capsys.readouterr().out)
    assert (last["result"]["spec"]["seed"], last["result"]["spec"]["dataset"]) == (6, "line")
    assert last["result"]["ended"] == "All 2 epochs are done."
    assert frames[-1]["epoch"] == 2.0


def test_last_step_is_a_frame_wherever_it_falls(capsys):
    assert main(["run", "playground", *SMALL, "--steps", "123"]) == 0
    *frames, last = _read(capsys.readouterr().out)
    assert frames[-1]["step"] == last["result"]["step"] == 123
    assert frames[-1]["update.layers.0"] is not None
    assert main(["run", "playground", *SMALL, "--steps", "0"]) == 0
    *frames, _ = _read(capsys.readouterr().out)
    assert [frame["step"] for frame in frames] == [0]


def test_loss_that_is_no_number_ends_the_run_and_is_null(capsys):
    changes = ("dataset=bumps", "activation=linear", "optimizer=sgd", "learning_rate=10")
    assert main(["run", "playground", *(part for change in changes for part in ("--set", change))]) == 0
    *frames, last = _read(capsys.readouterr().out)
    assert frames[-1]["loss"] is None
    assert frames[0]["loss"] is not None
    assert last["result"]["ended"].startswith("The loss became ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "playgroud"), NO_LAB),
        (("run", "playground", "--set", "sed=1"), "There is no setting 'sed': did you mean seed?"),
        (("run", "playground", "--set", "seed"), "--set takes key=value, received 'seed'."),
        (
            ("run", "playground", "--set", "seed=x"),
            "seed: expected a whole number from 0 to 999999, received 'x'.",
        ),
        (
            ("run", "playground", "--set", "noise=nan"),
            "noise: expected a number from 0 to 1, received 'nan'.",
        ),
        (
            ("run", "playground", "--set", "seed=1", "--set", "seed=2"),
            "--set names 'seed' twice: expected each setting once.",
        ),
        (
            ("run", "playground", "--set", "dataset=plane", "--set", "loss=hinge"),
            "loss: expected one of auto, mse, mae, huber, for this data set asks for numbers; received 'hinge'.",
        ),
        (("script", "playground", "--change", "7"), "--change takes STEP:key=value, received '7'."),
        (
            ("script", "playground", "--change", "7:units=3"),
            "'units' cannot change during a run: expected one of frozen, learning_rate.",
        ),
        (
            ("script", "playground", "--change", "7:layers.0.bias[9]=3"),
            "There is no layers.0.bias[9]: expected indices from 0 on within 8.",
        ),
        (
            ("script", "playground", "--change", "7:layers.0.bias[0]=inf"),
            "layers.0.bias[0]: expected a number such as −0.5, received 'inf'.",
        ),
        (("run", "playground", "--steps", "-1"), "--steps takes a whole number from 0 to 999999999, received '-1'."),
        (("run", "playground", "--spec", "no/such.json"), "no/such.json cannot be read: No such file or directory."),
        (("run", "playground", "--spec", "."), ". cannot be read: Is a directory."),
        (
            ("run", "playground", "--set", "dataset=csv"),
            "No table has been uploaded yet: choose a CSV file, or another data set.",
        ),
        (("run",), "The following arguments are required: LAB."),
        (("walk",), None),
        ((), "The following arguments are required: COMMAND."),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(arguments, sentence, capsys):
    told = _refused(arguments, capsys)
    assert sentence is None or told.strip() == sentence


def test_a_process_that_is_refused_ends_with_status_2():
    done = _engine("run", "playgroud")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{NO_LAB}\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The spec is not JSON: expected an object such as"),
        (b"[1]", "The spec is no JSON object"),
        (b'{"seed": NaN}', None),
        (b'{"seed": 1, "seed": 2}', "The spec names 'seed' twice"),
        (b'{"colour": 1}', "There is no setting 'colour'"),
        (b'{"seed": "1"}', "seed: expected a whole number"),
        (b"\xff\xfe\x00", "is not written in UTF-8"),
        (b"[" * 100_000, None),
        (b" " * 400_000, "The spec is too long"),
    ],
)
def test_bad_files_are_told_in_one_sentence(tmp_path, capsys, content, sentence):
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    told = _refused(["run", "playground", "--spec", str(file)], capsys)
    assert sentence is None or sentence in told


def test_reader_that_leaves_is_no_error():
    command = [sys.executable, "-m", "engine", "run", "playground"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert json.loads(run.stdout.readline())["step"] == 0
        run.stdout.close()
        assert run.wait(60) == 128 + signal.SIGPIPE
        assert run.stderr.read() == ""


def test_output_that_cannot_be_written_is_told(monkeypatch, capsys):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(os, "dup2", lambda *_: None)
        assert main(["labs"]) == 2
        monkeypatch.undo()
        with suppress(OSError):
            full.close()
    assert capsys.readouterr().err == "The output cannot be written: No space left on device.\n"


@pytest.fixture
def heard_interrupts():
    """Hear SIGINT here, and so in processes started from here: a shell has its jobs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard_interrupts")
def test_interrupt_ends_it_quietly():
    command = [sys.executable, "-m", "engine", "run", "playground", "--set", "max_epochs=100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        run.stdout.readline()
        run.send_signal(signal.SIGINT)
        run.stdout.read()
        assert run.wait(60) == 128 + signal.SIGINT
        assert run.stderr.read() == ""


def test_frames_grow_sparser_by_powers_of_ten():
    frames = [step for step in range(20_000) if is_frame(step)]
    assert frames[:101] == list(range(101))
    gaps = {b - a for a, b in pairwise(frames) if a >= 1000}
    assert gaps == {100, 1000}
