"""The script of a run of Generation: run alone, it prints the very losses of the run; its net takes the weights."""

from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

from engine.errors import RunError
from engine.labs.generation import GenerationSpec
from engine.labs.generation_experiment import GenerationExperiment
from engine.labs.generation_script import script
from engine.language.spec import Symbols, TextName
from engine.nets.language.spec import Net
from engine.words.texts.spec import OWN
from tests.engine.labs.scripts import changes_with, ended_alike, ends_by_patience, takes_the_weights

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 12
SMALL = {"characters": 9_000, "units": 12, "dimensions": 6, "width": 16, "heads": 2, "chunk": 16}
RUNS: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "a play, over more than one pass": {
        **SMALL,
        "text": "play",
        "batch_size": 100,
        "layers": 2,
        "schedule": "one_cycle",
    },
    "recipes": {**SMALL, "text": "recipes", "net": "gru", "keeps": False, "optimizer": "momentum", "l2": 0.01},
    "the weather": {**SMALL, "text": "weather", "net": "rnn", "clip": 0.05, "text_seed": 3, "seed": 4},
    "words": {**SMALL, "net": "nplm", "symbols": "words", "most_words": 60, "clip": 0.0, "schedule": "cosine"},
    "words that begin small": {**SMALL, "net": "nplm", "symbols": "words", "most_words": 60, "first_vectors": 0.1},
    "programs": {**SMALL, "text": "code", "net": "transformer", "loss": "hinge", "l1": 0.001, "optimizer": "adamw"},
    "surnames": {**SMALL, "text": "surnames", "net": "nplm", "direct": False, "loss": "mse"},
    "first names, fewer than a batch": {**SMALL, "text": "first_names", "batch_size": 256, "characters": 2_000},
    "pieces longer than what is held out": {**SMALL, "characters": 2_000, "chunk": 256, "net": "gru"},
    "told well enough": {**SMALL, "target_score": 0.01, "batch_size": 100, "learning_rate": 0.05},
    "told well enough anew": {**SMALL, "net": "transformer", "target_score": 0.01, "patience": 9, "batch_size": 100},
    "for two passes": {**SMALL, "net": "gru", "max_epochs": 2, "batch_size": 100},
}
ENDING = ("told well enough", "told well enough anew", "for two passes")


def test_scripts_print_the_losses_of_their_runs(tmp_path: Path) -> None:
    experiments = {name: GenerationExperiment(GenerationSpec(**settings)) for name, settings in RUNS.items()}
    for one in ended_alike(tmp_path, experiments, partial(changes_with, name="temperature", value="0.5"), STEPS):
        assert (one.name in ENDING) == (one.losses <= STEPS), one.name
        scalars = one.experiment.observe(one.step).scalars
        assert one.train == pytest.approx(scalars["loss"], rel=1e-6), one.name
        assert one.validation == pytest.approx(scalars["val_loss"], rel=1e-6), one.name


def test_patience_ends_a_script_where_it_ends_its_run(tmp_path: Path) -> None:
    """A learning rate so high that the loss on what is held out soon stops falling."""
    settings = {**SMALL, "characters": 4_000, "batch_size": 100, "patience": 2, "learning_rate": 0.5}
    ends_by_patience(tmp_path, GenerationExperiment(GenerationSpec(**settings)))


def test_every_choice_is_in_some_script() -> None:
    """So that none is added of which no script was ever run."""
    specs = [GenerationSpec(**settings) for settings in RUNS.values()]
    assert {spec.text for spec in specs} == set(get_args(TextName)) - {OWN}
    assert {spec.symbols for spec in specs} == set(get_args(Symbols))
    assert {spec.net for spec in specs} == set(get_args(Net))
    assert {spec.keeps for spec in specs if spec.net in ("gru", "lstm", "rnn")} == {True, False}


@pytest.mark.parametrize("name", ["recipes", "programs"])
def test_the_net_of_a_script_takes_the_weights_of_its_run(tmp_path: Path, name: str) -> None:
    takes_the_weights(tmp_path, GenerationExperiment(GenerationSpec(**RUNS[name])))


def test_of_a_text_that_somebody_has_brought_there_is_none() -> None:
    with pytest.raises(RunError, match="would need your text"):
        script(GenerationSpec(text=OWN))
