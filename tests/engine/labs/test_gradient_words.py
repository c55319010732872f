"""What labs with many tensors say of their gradients: names such as «reading back: reset, of the state»."""

import re
from importlib import import_module

import pytest

from engine.labs.catalogue import LABS

SMALL = {
    "generation": {"net": "lstm"},
    "translation": {"samples": 100, "most": 99},
    "transformers": {"samples": 1_000},
}


@pytest.mark.parametrize("name", SMALL)
def test_names_of_layers_stand_in_quotes_in_a_sentence(name: str, one_thread: None) -> None:
    lab = LABS[name]
    module, _, called = lab.experiment.partition(":")
    experiment = getattr(import_module(module), called)(lab.spec.model_validate(SMALL[name]))
    said = experiment.observe(next(experiment.steps())).words["gradients"]
    assert re.match(r"\w+: .*«[^«»]+»", said)
    titles = set(experiment._titles.values())
    assert set(re.findall("«(.*?)»", said)) <= titles
