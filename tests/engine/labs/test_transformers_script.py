"""The script of a run of Transformers: run alone, it prints the very losses of the run; its net takes the weights."""

from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

from engine.data.symbols.spec import TaskName
from engine.labs.transformers import TransformersSpec
from engine.labs.transformers_experiment import TransformersExperiment
from engine.nets.transformers.spec import Places, Shape
from tests.engine.labs.scripts import changes_with, ended_alike

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 10
SMALL: dict[str, Any] = {"samples": 300, "width": 16, "heads": 2, "neurons": 24, "length": 8, "letters": 9, "prime": 23}
RUNS: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "letters left out": {**SMALL, "shape": "encoder", "places": "rotary", "loss": "hinge", "clip": 0.05},
    "sums": {**SMALL, "sequences": "modular", "l2": 0.5, "bend": "relu", "optimizer": "momentum", "train_share": 0.5},
    "copies": {**SMALL, "sequences": "copy", "shape": "both", "places": "alibi", "dropout": 0.3, "norms": "behind"},
    "turned round": {**SMALL, "sequences": "reverse", "places": "none", "schedule": "cosine", "warm_up_epochs": 1},
    "sorted": {**SMALL, "sequences": "sort", "shape": "encoder", "places": "sinusoid", "dropout": 0.1},
    "a text": {**SMALL, "sequences": "text", "length": 16, "seed": 3},
    "names, filled in": {**SMALL, "sequences": "text", "style": "surnames", "shape": "encoder", "data_seed": 4},
    "told well enough": {**SMALL, "target_score": 0.01, "patience": 9, "batch_size": 100},
}


def test_scripts_print_the_losses_of_their_runs(tmp_path: Path) -> None:
    experiments = {name: TransformersExperiment(TransformersSpec(**settings)) for name, settings in RUNS.items()}
    for one in ended_alike(tmp_path, experiments, partial(changes_with, name="head", value="1"), STEPS):
        assert (one.name == "told well enough") == (one.losses <= STEPS), one.name
        assert one.validation == pytest.approx(one.experiment.validate()[0], rel=1e-5), one.name


def test_every_choice_is_in_some_script() -> None:
    """So that none is added of which no script was ever run."""
    specs = [TransformersSpec(**settings) for settings in RUNS.values()]
    assert {spec.sequences for spec in specs} == set(get_args(TaskName))
    assert {spec.shape for spec in specs} == set(get_args(Shape))
    assert {spec.places for spec in specs} == set(get_args(Places))
