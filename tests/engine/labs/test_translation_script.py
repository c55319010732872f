"""The script of a run of Translation: run alone, it prints the very losses of the run; its net takes the weights."""

from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

from engine.data.translation.spec import Language, Made
from engine.labs.translation import TranslationSpec
from engine.labs.translation_experiment import TranslationExperiment
from engine.nets.translation.spec import RECURRENT, Cell, Fit, Net
from tests.engine.labs.scripts import changes_with, ended_alike, ends_by_patience, takes_the_weights

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 40
SMALL = {"samples": 400, "units": 8, "dimensions": 6, "width": 16, "heads": 2}
NINETY = {"most": 99, "batch_size": 20, "target_score": 0.1}
RUNS: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "french, over more than one pass": {**SMALL, "language": "french", "batch_size": 100, "schedule": "one_cycle"},
    "german": {**SMALL, "language": "german", "symbols": "characters", "net": "last_state", "optimizer": "momentum"},
    "digits": {**SMALL, "pairs": "digits", "net": "context_fed", "clip": 0.05, "data_seed": 3, "seed": 4},
    "dates": {**SMALL, "pairs": "dates", "symbols": "characters", "net": "luong", "fit": "concat", "smoothing": 0.1},
    "reverse": {**SMALL, "pairs": "reverse", "symbols": "characters", "net": "luong", "fit": "dot", "l2": 0.01},
    "an lstm": {**SMALL, "cell": "lstm", "smoothing": 0.1},
    "an lstm by its last state": {**SMALL, "pairs": "digits", "net": "last_state", "cell": "lstm", "batch_size": 100},
    "an lstm that is fed its context": {**SMALL, "net": "context_fed", "cell": "lstm", "forcing": 0.5},
    "an lstm that asks behind each step": {**SMALL, "net": "luong", "fit": "dot", "cell": "lstm", "seed": 2},
    "input feeding": {**SMALL, "pairs": "dates", "net": "luong", "feeding": True, "batch_size": 120},
    "input feeding of an lstm": {**SMALL, "net": "luong", "feeding": True, "cell": "lstm", "fit": "concat", "seed": 5},
    "input feeding of its own guesses": {**SMALL, "net": "luong", "feeding": True, "forcing": 0.25},
    "sort": {**SMALL, "pairs": "sort", "symbols": "characters", "net": "luong", "loss": "hinge", "longest": 5},
    "copy": {**SMALL, "pairs": "copy", "symbols": "characters", "net": "convolutional", "clip": 0.0, "loss": "mse"},
    "pig latin": {**SMALL, "pairs": "pig_latin", "symbols": "characters", "net": "transformer", "dropout": 0.1},
    "its own guesses": {**SMALL, "forcing": 0.5, "batch_size": 120},
    "its own guesses all the time": {**SMALL, "net": "last_state", "forcing": 0.0, "warm_up_epochs": 2},
    "told well enough": {**SMALL, **NINETY, "units": 24, "learning_rate": 0.05},
    "told well enough anew": {**SMALL, **NINETY, "net": "convolutional", "patience": 9, "learning_rate": 0.03},
    "for two passes": {**SMALL, "batch_size": 100, "max_epochs": 2},
}
ENDING = ("told well enough", "told well enough anew", "for two passes")


def test_scripts_print_the_losses_of_their_runs(tmp_path: Path) -> None:
    experiments = {name: TranslationExperiment(TranslationSpec(**settings)) for name, settings in RUNS.items()}
    for one in ended_alike(tmp_path, experiments, partial(changes_with, name="example", value="5"), STEPS):
        assert (one.name in ENDING) == (one.losses <= STEPS), one.name
        scalars = one.experiment.observe(one.step).scalars
        assert one.train == pytest.approx(scalars["loss"], rel=1e-6), one.name
        assert one.validation == pytest.approx(scalars["val_loss"], rel=1e-6), one.name


def test_patience_ends_a_script_where_it_ends_its_run(tmp_path: Path) -> None:
    """A learning rate so high that the loss on what is held out soon stops falling."""
    settings = {**SMALL, "batch_size": 100, "patience": 2, "learning_rate": 0.5}
    ends_by_patience(tmp_path, TranslationExperiment(TranslationSpec(**settings)))


def test_every_choice_is_in_some_script() -> None:
    """So that none is added of which no script was ever run."""
    specs = [TranslationSpec(**settings) for settings in RUNS.values()]
    assert {spec.pairs for spec in specs} == set(get_args(Made))
    assert {spec.language for spec in specs} == set(get_args(Language))
    assert {spec.net for spec in specs} == set(get_args(Net))
    assert {spec.fit for spec in specs if spec.net == "luong"} == set(get_args(Fit))
    cells = {(spec.net, spec.cell) for spec in specs if spec.net in RECURRENT}
    assert cells == {(net, cell) for net in RECURRENT for cell in get_args(Cell)}
    fed = {(spec.feeding, spec.cell) for spec in specs if spec.net == "luong"}
    assert fed == {(feeding, cell) for feeding in (False, True) for cell in get_args(Cell)}


@pytest.mark.parametrize("name", ["german", "pig latin", "input feeding of an lstm"])
def test_the_net_of_a_script_takes_the_weights_of_its_run(tmp_path: Path, name: str) -> None:
    takes_the_weights(tmp_path, TranslationExperiment(TranslationSpec(**RUNS[name])))
