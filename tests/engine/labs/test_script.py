"""The script that one takes away: run alone, it prints the very losses of the run."""

import csv
import io
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.data import uploads
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.labs.playground_script import script

STEPS = 40
RUNS: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "xor": {
        "dataset": "xor",
        "units": (3,),
        "activation": "relu",
        "initialisation": "he",
        "optimizer": "nesterov",
        "features": ("x", "y", "xy", "sin_x"),
        "l1": 0.01,
        "l2": 0.02,
        "schedule": "one_cycle",
        "horizon": 4,
    },
    "blobs": {
        "dataset": "blobs",
        "classes": 5,
        "normalisation": "batch",
        "dropout": 0.3,
        "optimizer": "adamw",
        "l2": 0.1,
        "loss": "hinge",
        "batch_size": 27,
        "schedule": "cosine",
        "horizon": 3,
        "warm_up_epochs": 2,
    },
    "bumps": {
        "dataset": "bumps",
        "noise": 0.4,
        "normalisation": "layer",
        "initialisation": "orthogonal",
        "optimizer": "rmsprop",
        "loss": "huber",
        "standardise": False,
        "schedule": "step",
        "horizon": 1,
    },
    "line": {"dataset": "line", "units": (), "optimizer": "sgd", "initialisation": "zeros", "loss": "mae"},
    "iris": {"dataset": "iris", "optimizer": "adagrad", "loss": "mse", "initialisation": "normal", "seed": 9},
    "table": {"dataset": "csv", "optimizer": "momentum", "momentum": 0.5, "max_epochs": 2},
}


def printed(text: str, folder: Path, *arguments: str) -> list[str]:
    """Return what a script prints in a place where nothing of ours can be imported."""
    (folder / "run.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-I", "run.py", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    rows = b"".join(b"%d,%d,%s\n" % (n * n, n % 7, b"ab"[n % 2 : n % 2 + 1]) for n in range(30))
    return uploads.save(b"a,b,kind\n" + rows, "t.csv")


@pytest.mark.parametrize("name", RUNS)
def test_the_script_prints_the_losses_of_the_run(name: str, tmp_path: Path, table: str) -> None:
    more = {"upload": table} if RUNS[name].get("dataset") == "csv" else {}
    experiment = PlaygroundExperiment(PlaygroundSpec(**RUNS[name], **more))
    changes = [(7, "learning_rate", "0.02"), (20, "learning_rate", "0.001")]
    text = script(experiment.spec, experiment.dataset, experiment.task, changes)
    expected = []
    for step in itertools.islice(experiment.steps(), STEPS + 1):
        expected.append(f"{step.number} {step.loss!r}")
        for at, setting, value in changes:
            if at == step.number:
                experiment.set(setting, value)
    moment = experiment.observe(step)
    *losses, train, validation = printed(text, tmp_path, str(STEPS))
    assert losses == expected
    assert float(train.rpartition(" ")[2]) == pytest.approx(moment.scalars["loss"], rel=1e-5)
    assert float(validation.rpartition(" ")[2]) == pytest.approx(moment.scalars["val_loss"], rel=1e-5)


def test_a_name_in_a_table_cannot_become_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    evil = '""") or open("hacked", "w") or ("""'
    table = io.StringIO()
    csv.writer(table).writerows([[evil, "b", evil * 2], *([n, n % 7, evil if n % 2 else "b"] for n in range(30))])
    kept = uploads.save(table.getvalue().encode(), f"{evil}.csv")
    experiment = PlaygroundExperiment(PlaygroundSpec(dataset="csv", upload=kept, units=()))
    text = script(experiment.spec, experiment.dataset, experiment.task)
    assert "hacked" not in text
    printed(text, tmp_path, "1")
    assert not (tmp_path / "hacked").exists()
