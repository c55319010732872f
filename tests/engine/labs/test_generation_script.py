"""The script of a run of Generation: run alone, it prints the very losses of the run; its net takes the weights."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from safetensors.numpy import save_file

from engine.errors import RunError
from engine.labs.generation import GenerationSpec
from engine.labs.generation_experiment import GenerationExperiment
from engine.labs.generation_script import script
from engine.language.spec import Symbols, TextName
from engine.nets.language.spec import Net
from engine.training.experiment import Change
from engine.words.texts.spec import OWN
from tests.engine.labs.scripts import complaints, printed, walked

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


def changes(experiment: GenerationExperiment) -> list[Change]:
    """Return other learning rates, another length of gradients, and numbers put into the net."""
    first, *_ = (name for name, parameter in experiment.net.named_parameters() if parameter.dim() > 1)
    return [
        (2, "learning_rate", "0.02"),
        (3, "clip", "0.1"),
        (4, "temperature", "0.5"),
        (4, f"{first}[1, 0]", "0.75"),
        (5, "head.bias[0]", ".3"),
        (7, "clip", "0"),
    ]


def test_scripts_print_the_losses_of_their_runs(tmp_path: Path) -> None:
    experiments = {name: GenerationExperiment(GenerationSpec(**settings)) for name, settings in RUNS.items()}
    texts = [one.script(changes(one), 1000) for one in experiments.values()]
    found = zip(experiments.items(), printed(tmp_path, STEPS, *texts), strict=True)
    for (name, experiment), (*losses, train, validation) in found:
        expected, step = walked(experiment, changes(experiment), STEPS)
        assert losses == expected, name
        assert (name in ENDING) == (len(losses) <= STEPS), name
        scalars = experiment.observe(step).scalars
        assert float(train.removeprefix("training loss ")) == pytest.approx(scalars["loss"], rel=1e-6), name
        assert float(validation.removeprefix("validation loss ")) == pytest.approx(scalars["val_loss"], rel=1e-6), name
    assert not complaints(tmp_path)
    for text in texts:  # those of our files that are put together have names of their own
        defined = [one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        assert len(set(defined)) == len(defined)
        assert "engine." not in text


def test_patience_ends_a_script_where_it_ends_its_run(tmp_path: Path) -> None:
    """A learning rate so high that the loss on what is held out soon stops falling."""
    settings = {**SMALL, "characters": 4_000, "batch_size": 100, "patience": 2, "learning_rate": 0.5}
    experiment = GenerationExperiment(GenerationSpec(**settings))
    [(*losses, _, _)] = printed(tmp_path, 100, experiment.script((), 100))
    expected, _ = walked(experiment, (), 100)
    assert losses == expected
    assert 4 < len(losses) < 90


def test_every_choice_is_in_some_script() -> None:
    """So that none is added of which no script was ever run."""
    specs = [GenerationSpec(**settings) for settings in RUNS.values()]
    assert {spec.text for spec in specs} == set(get_args(TextName)) - {OWN}
    assert {spec.symbols for spec in specs} == set(get_args(Symbols))
    assert {spec.net for spec in specs} == set(get_args(Net))
    assert {spec.keeps for spec in specs if spec.net in ("gru", "lstm", "rnn")} == {True, False}


@pytest.mark.parametrize("name", ["recipes", "programs"])
def test_the_net_of_a_script_takes_the_weights_of_its_run(tmp_path: Path, name: str) -> None:
    experiment = GenerationExperiment(GenerationSpec(**RUNS[name]))
    weights = {name: tensor.numpy() for name, tensor in experiment.net.state_dict().items()}
    save_file(weights, tmp_path / "run.safetensors")
    text = experiment.script((), 1).replace("\n\nmain()\n", "")
    load = 'from safetensors.torch import load_file\nprint(net.load_state_dict(load_file("run.safetensors")))\n'
    (tmp_path / "run.py").write_text(f"{text}\n{load}")
    done = subprocess.run([sys.executable, "-I", "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "All keys matched" in done.stdout, done.stderr


def test_of_a_text_that_somebody_has_brought_there_is_none() -> None:
    with pytest.raises(RunError, match="would need your text"):
        script(GenerationSpec(text=OWN))
