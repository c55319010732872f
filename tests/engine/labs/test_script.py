"""The script that one takes away: run alone, it prints the very losses of the run."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.data import uploads
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.labs.playground_script import script
from engine.training.experiment import Change
from tests.engine.labs.scripts import complaints, printed, walked

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
        "frozen": ("2",),
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
    "drawn": {"dataset": "drawn", "drawing": "AAABBBCCCDDDEEE.FFFGGGHHHIIIJJJ", "batch_size": 3, "optimizer": "sgd"},
    "wide and deep": {
        "dataset": "blobs",
        "wide": True,
        "features": ("x", "y", "xy"),
        "normalisation": "batch",
        "frozen": ("wide",),
        "l1": 0.01,
        "l2": 0.02,
    },
    "enough": {"samples": 100, "target_score": 0.7, "patience": 5},
    "enough classes": {"dataset": "iris", "target_score": 0.5},
    "enough of a regression": {"dataset": "line", "samples": 100, "target_score": 0.2, "learning_rate": 0.05},
    "no better for too long": {"samples": 100, "patience": 2, "learning_rate": 2, "optimizer": "sgd"},
    "table": {"dataset": "csv", "wide": True, "optimizer": "momentum", "momentum": 0.5, "max_epochs": 2},
}


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    rows = b"".join(b"%d,%d,%s\n" % (n * n, n % 7, b"ab"[n % 2 : n % 2 + 1]) for n in range(30))
    return uploads.save(b"a,b,kind\n" + rows, "t.csv")


CHANGES = [
    (7, "learning_rate", "0.02"),
    (11, "frozen", "1,output"),
    (20, "learning_rate", "0.001"),
    (24, "frozen", "2,wide"),
    (31, "frozen", ""),
]


def with_hands(spec: PlaygroundSpec) -> list[Change]:
    """Return CHANGES, and at some of their steps numbers that are put into each kind of tensor of the net."""
    last = len(spec.units)
    norm = [(11, "norms.1.weight[0]", "2.5"), (12, "norms.0.bias[2]", "-1")] if spec.normalisation != "none" else []
    put_in = [
        (0, "layers.0.weight[0, 0]", "0.75"),
        (11, f"layers.{last}.weight[0, 0]", "-1e-1"),
        (11, f"layers.{last}.bias[0]", ".3"),
        *norm,
        *([(13, "wide.weight[0, 1]", "0.5")] if spec.has_wide else []),
        (39, "layers.0.bias[0]", "0.123456789"),
    ]
    return sorted([*CHANGES, *put_in], key=lambda change: change[0])


def test_scripts_print_the_losses_of_their_runs(tmp_path: Path, table: str) -> None:
    specs = [PlaygroundSpec(**settings) for settings in RUNS.values()]
    specs = [spec.replace(upload=table) if spec.dataset == "csv" else spec for spec in specs]
    experiments = [PlaygroundExperiment(spec) for spec in specs]
    texts = [script(one.spec, one.dataset, one.task, with_hands(one.spec)) for one in experiments]
    for name, experiment, lines in zip(RUNS, experiments, printed(tmp_path, STEPS, *texts), strict=True):
        *losses, train, validation = lines
        expected, step = walked(experiment, with_hands(experiment.spec), STEPS)
        assert losses == expected, name
        moment = experiment.observe(step)
        assert float(train.rpartition(" ")[2]) == pytest.approx(moment.scalars["loss"], rel=1e-5), name
        assert float(validation.rpartition(" ")[2]) == pytest.approx(moment.scalars["val_loss"], rel=1e-5), name
        enough = "enough" in name or "better" in name
        assert enough == (1 < len(losses) <= STEPS and experiment.spec.max_epochs > 2), name
    assert not complaints(tmp_path)


def test_a_name_in_a_table_cannot_become_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    evil = '""") or open("hacked", "w") or ("""'
    table = io.StringIO()
    csv.writer(table).writerows([[evil, "b", evil * 2], *([n, n % 7, evil if n % 2 else "b"] for n in range(30))])
    kept = uploads.save(table.getvalue().encode(), f"{evil}.csv")
    experiment = PlaygroundExperiment(PlaygroundSpec(dataset="csv", upload=kept, units=()))
    text = script(experiment.spec, experiment.dataset, experiment.task)
    assert "hacked" not in text
    monkeypatch.setattr(sys, "argv", ["run.py", "1"])
    monkeypatch.chdir(tmp_path)
    exec(compile(text, "run.py", "exec"), {"__name__": "run"})
    assert not (tmp_path / "hacked").exists()
