"""What the transformer lab is there for is learnt: heads that look up, sums that are understood; its cures help."""

from itertools import islice

import numpy as np
import pytest

from engine.labs.transformers import TransformersSpec
from engine.labs.transformers_experiment import TransformersExperiment
from engine.labs.transformers_presets import PRESETS
from engine.readings import arrays_of
from tests.engine.labs.walks import walked

pytestmark = pytest.mark.usefixtures("one_thread")


def test_an_induction_head_is_found_by_its_score_and_nothing_is_told_right_without_one() -> None:
    """Two blocks learn in a few seconds to look up what came behind a letter before; one block cannot."""
    scores = {}
    for blocks in (1, 2):
        experiment = TransformersExperiment(TransformersSpec(blocks=blocks, heads=2))
        scores[blocks] = walked(experiment, 300)[1].scalars
    induction = {name: value for name, value in scores[2].items() if name.startswith("induction.")}
    assert max(value for name, value in induction.items() if name.startswith("induction.block1.")) > 0.8
    assert max(value for name, value in induction.items() if name.startswith("induction.block0.")) < 0.4
    assert scores[2]["val_score"] > 0.98
    assert max(value for name, value in scores[1].items() if name.startswith("induction.")) < 0.4
    assert scores[1]["val_score"] < 0.5


def test_what_is_called_broken_is_and_its_cure_helps() -> None:
    for preset in (preset for preset in PRESETS if preset.broken and preset.name != "by-heart"):
        for spec, bar in ((preset.spec(TransformersSpec), False), (preset.mended(TransformersSpec), True)):
            scalars = walked(TransformersExperiment(spec), 300)[1].scalars
            assert (scalars["val_score"] > 0.9) == bar, preset.name


def test_a_net_that_knew_sums_by_heart_understands_them_and_its_vectors_are_a_few_waves() -> None:
    """Grokking (Power et al. 2022): the preset, as the note tells it, within about half a minute on one core."""
    preset = next(preset for preset in PRESETS if preset.name == "grokking")
    experiment = TransformersExperiment(preset.spec(TransformersSpec))
    walk = experiment.steps()
    early = experiment.observe(next(islice(walk, 400, None)))
    assert early.scalars["score"] > 0.95
    assert early.scalars["val_score"] < 0.2
    step = next(step for step in walk if step.number % 250 == 0 and experiment.validate()[1] > 0.98)
    assert 1_000 < step.number <= 4_000
    few_waves, all_waves = (
        np.sort(arrays_of(moment.readings)["fourier.share"])[-6:].sum() for moment in (experiment.observe(step), early)
    )
    assert all_waves < 0.7, "of 26"
    assert few_waves > all_waves + 0.2
