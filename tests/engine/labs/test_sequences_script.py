"""The script of a run of Sequences: run alone, it prints the very losses of the run; its net takes the weights."""

from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

from engine.data.sequences.own_spec import OWN
from engine.data.sequences.spec import Sequences
from engine.errors import RunError
from engine.labs.sequences import SequencesSpec
from engine.labs.sequences_experiment import SequencesExperiment
from engine.labs.sequences_script import script
from engine.nets.sequences.spec import Beginning, CellName
from tests.engine.labs.scripts import changes_with, ended_alike, takes_the_weights

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 10
SMALL = {"samples": 200, "units": 6}
RUNS: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "a sentence": {
        **SMALL,
        "sequences": "sentiment",
        "cell": "gru",
        "bidirectional": True,
        "layers": 2,
        "dropout": 0.3,
    },
    "a sine": {**SMALL, "sequences": "sine", "length": 20, "cell": "rnn_relu", "beginning": "identity", "clip": 0.5},
    "a mixture": {**SMALL, "sequences": "mixed", "length": 20, "truncated": 6, "l2": 0.01, "optimizer": "momentum"},
    "a sawtooth": {**SMALL, "sequences": "sawtooth", "length": 9, "noise": 0.0, "norm": True, "loss": "huber"},
    "a number": {**SMALL, "sequences": "unrolled", "length": 12, "cell": "peephole_lstm", "schedule": "cosine"},
    "adding": {**SMALL, "sequences": "adding", "length": 15, "cell": "rnn_tanh", "beginning": "uniform", "seed": 4},
    "copying": {**SMALL, "sequences": "copying", "delay": 4, "copied": 2, "optimizer": "adamw", "forget_bias": 2.0},
    "told well enough": {**SMALL, "target_score": 0.01, "loss": "hinge", "train_share": 0.5, "batch_size": 25},
    "copied well enough": {**SMALL, "sequences": "copying", "target_score": 0.01, "batch_size": 75, "patience": 9},
    "a wave well enough": {
        **SMALL,
        "sequences": "sine",
        "length": 20,
        "target_score": 0.01,
        "batch_size": 75,
        "learning_rate": 0.05,
    },
}
ENDING = ("told well enough", "copied well enough", "a wave well enough")


def test_scripts_print_the_losses_of_their_runs(tmp_path: Path) -> None:
    experiments = {name: SequencesExperiment(SequencesSpec(**settings)) for name, settings in RUNS.items()}
    for one in ended_alike(tmp_path, experiments, partial(changes_with, name="example", value="3"), STEPS):
        assert (one.name in ENDING) == (one.losses <= STEPS), one.name
        if len(one.experiment.prepared.train) <= 200:  # all of them are looked at
            scalars = one.experiment.observe(one.step).scalars
            assert one.train == pytest.approx(scalars["loss"], rel=1e-5), one.name
            assert one.validation == pytest.approx(scalars["val_loss"], rel=1e-5), one.name


def test_every_choice_is_in_some_script() -> None:
    """So that none is added of which no script was ever run."""
    specs = [SequencesSpec(**settings) for settings in RUNS.values()]
    assert {spec.sequences for spec in specs} == set(get_args(Sequences)) - {OWN}
    assert {spec.cell for spec in specs} == set(get_args(CellName))
    assert {spec.beginning for spec in specs} == set(get_args(Beginning))


def test_the_net_of_a_script_takes_the_weights_of_its_run(tmp_path: Path) -> None:
    takes_the_weights(tmp_path, SequencesExperiment(SequencesSpec(**RUNS["a sentence"])))


def test_of_texts_that_somebody_has_brought_there_is_none() -> None:
    experiment = SequencesExperiment(SequencesSpec(**SMALL))
    with pytest.raises(RunError, match="would need your texts"):
        script(SequencesSpec(sequences=OWN), experiment.form, 0)
