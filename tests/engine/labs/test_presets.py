"""Presets: what is said of each is so. The good ones learn; the broken are broken as they say, and their cure helps."""

import itertools
import math
from collections.abc import Callable

import pytest

from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.labs.playground_presets import BROKEN, GOOD
from engine.labs.preset import Preset
from engine.training.experiment import Experiment, Moment

pytestmark = pytest.mark.usefixtures("one_thread")
LAB = LABS["playground"]
STEPS = 600


def look(experiment: Experiment, steps: int = STEPS) -> Moment:
    """Return what is seen at step ``steps``, or where the loss is no number any more."""
    for step in itertools.islice(experiment.steps(), steps + 1):
        if not math.isfinite(step.loss):
            break
        if step.number == steps - 1:
            experiment.foresee()
    return experiment.observe(step)


def flag(word: str) -> Callable[[Moment], bool]:
    return lambda moment: moment.words["gradients"].startswith(word)


def by_heart(moment: Moment) -> bool:
    scores = moment.scalars
    return scores["score"] > 0.95 and scores["val_score"] < 0.75 and scores["val_loss"] > 5 * scores["loss"]


SYMPTOMS: dict[str, Callable[[Moment], bool]] = {
    "dead-relus": flag("Dead"),
    "zero-weights": lambda moment: flag("No gradient")(moment) and abs(moment.scalars["loss"] - math.log(2)) < 1e-3,
    "rate-too-high": lambda moment: not math.isfinite(moment.scalars["batch_loss"]) and moment.step < 100,
    "sigmoid-stack": lambda moment: flag("Vanishing")(moment) and moment.scalars["loss"] > 0.69,
    "exploding": lambda moment: not math.isfinite(moment.scalars["batch_loss"]) and moment.step < 100,
    "overfit": lambda moment: by_heart(moment) and 0.6 < moment.scalars["val_score"] < 0.7,
    "unscaled": lambda moment: flag("Blocked")(moment) and moment.scalars["val_score"] < 0.6,
    "shuffled-labels": by_heart,
}


@pytest.mark.parametrize("lab", LABS.values(), ids=lambda lab: lab.name)
def test_presets_of_all_labs_fit_their_specs_and_can_be_told_apart(lab: Lab) -> None:
    names = [preset.name for preset in lab.presets]
    assert len(set(names)) == len(names)
    assert len({preset.title for preset in lab.presets}) == len(names)
    for preset in lab.presets:
        spec = preset.spec(lab.spec)
        assert lab.preset(preset.name) is preset
        assert set(preset.settings) == set(spec.differences(lab.spec())), preset.name
        assert lab.spec.from_link(spec.to_link()) == (spec, ())
        if preset.question:
            assert 0 <= preset.question.right < len(preset.question.answers)
        assert preset.question, "one predicts before one looks"
        if preset.broken:
            assert set(preset.cure) == set(preset.mended(lab.spec).differences(spec)), preset.name
    assert lab.preset("nothing") is None


def test_there_are_eight_of_each() -> None:
    assert (len(GOOD), len(BROKEN)) == (8, 8)
    assert not any(preset.broken for preset in GOOD)
    assert all(preset.broken for preset in BROKEN)
    assert SYMPTOMS.keys() == {preset.name for preset in BROKEN}


@pytest.mark.parametrize("preset", GOOD, ids=lambda preset: preset.name)
def test_what_is_called_good_learns(preset: Preset) -> None:
    assert look(LAB.open(preset.spec(LAB.spec))).scalars["val_score"] > 0.9


@pytest.mark.parametrize("preset", BROKEN, ids=lambda preset: preset.name)
def test_what_is_called_broken_is_and_its_cure_helps(preset: Preset) -> None:
    assert SYMPTOMS[preset.name](look(LAB.open(preset.spec(LAB.spec))))
    mended = look(LAB.open(preset.mended(LAB.spec)))
    assert not SYMPTOMS[preset.name](mended)
    assert mended.scalars["val_score"] > 0.85
    assert mended.words["gradients"].startswith(("Fine", "Saturated")), "mended of one fault, and left with another"
