"""A fair comparison: a setting that does not say what else it alters leaves data and initial weights bit for bit."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

import numpy as np
import pytest

from engine.errors import DataError, LearnscopeError
from engine.figures.comparison import tensors_shown
from engine.labs.catalogue import LABS
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.readings import Arrays, arrays_of
from engine.spec import Setting, Spec, knobs
from engine.words import world
from engine.words.corpora import corpus
from tests.engine.catalogue import corners

SETTINGS = [(lab, setting) for lab in LABS.values() if lab.learns for setting in knobs(lab.spec)]
IDS = [f"{lab.name}-{setting.name}" for lab, setting in SETTINGS]


@pytest.fixture(autouse=True, scope="module")
def short_text(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where a text is learnt, a short one: it is cut anew for each way of cutting."""
    text = replace(corpus("world"), sentences=lambda: world.sentences(count=1_500))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr("engine.words.texts.cutting.corpus", lambda _: text)
        yield


def others(lab, setting: Setting) -> list[tuple[Spec, Spec]]:
    """Return pairs of specs that differ in one setting alone, where it matters; some of them where there are many."""
    base = lab.spec().replace(**{name: values[0] for name, values in (setting.knob.when or {}).items()})
    found = []
    for value in corners(setting):
        try:
            other = base.replace(**{setting.name: value})
            lab.panels(other)
        except LearnscopeError:
            continue  # what does not fit together is compared with nothing
        if other != base:
            found.append((base, other))
    return found


@lru_cache(maxsize=64)  # most settings are held against the same default
def beginning(lab: str, spec: Spec) -> tuple[Arrays, Arrays]:
    """Return what is learnt, and the initial weights."""
    experiment = LABS[lab].open(spec)
    next(experiment.steps())
    weights = {name: array for name, array in experiment.checkpoint().items() if name.startswith("net.")}
    return {
        n: a
        for n, a in arrays_of(experiment.opening()).items()
        if n.startswith(("points.", "text.", "images.", "sequences."))
    }, weights


LOOKS = [(lab, setting) for lab, setting in SETTINGS if setting.knob.looks]


@pytest.mark.parametrize(("lab", "setting"), LOOKS, ids=[f"{lab.name}-{setting.name}" for lab, setting in LOOKS])
def test_what_only_looks_may_change_meanwhile_and_nothing_else_is_learnt(lab, setting: Setting) -> None:
    assert setting.knob.live
    small = {"characters": 3_000, "units": 8, "samples": 200} if lab.name != "vision" else {"samples": 100}
    spec = lab.spec().replace(**{name: value for name, value in small.items() if name in lab.spec.model_fields})
    texts = setting.knob.choices(spec) if setting.knob.choices else ("The ",)
    values = texts if setting.kind == "text" else corners(setting)
    value = next(one for one in values if one != getattr(spec, setting.name))
    learnt = []
    for changed in (False, True):
        experiment = lab.open(spec)
        for step in islice(experiment.steps(), 4):
            if changed and step.number == 1:
                experiment.set(setting.name, spec.replace(**{setting.name: value}).text_of(setting.name))
        learnt.append({name: array for name, array in experiment.checkpoint().items() if name.startswith("net.")})
    assert learnt[0]
    assert equal(*learnt)


def equal(one: Arrays, other: Arrays) -> bool:
    """Tell whether arrays that both have are the same, bit for bit."""
    return all(one[name].tobytes() == other[name].tobytes() for name in one.keys() & other.keys())


@pytest.mark.parametrize(("lab", "setting"), SETTINGS, ids=IDS)
def test_a_setting_alters_data_and_initial_weights_only_as_it_says(lab, setting: Setting):
    same = {"data": True, "weights": True, "tensors": True}
    for one, other in others(lab, setting):
        try:
            both = beginning(lab.name, one), beginning(lab.name, other)
        except DataError:
            continue  # nothing is left to learn: there is no second run
        for what, mine, theirs in zip(("data", "weights"), *both, strict=True):
            same[what] &= equal(mine, theirs)
            assert mine.keys() & theirs.keys()
        (_, mine), (_, theirs) = both
        same["tensors"] &= mine.keys() == theirs.keys() or "weights" in setting.knob.alters
        for spec, weights in ((one, mine), (other, theirs)):
            shown = {f"net.{tensor}" for tensor in tensors_shown(lab.panels(spec))}
            assert shown <= weights.keys(), "what both are said to have is in both"
    for what, stayed in same.items():
        assert stayed or what in setting.knob.alters, f"another {setting.name} changes the {what}"
    for what in ("weights", "tensors"):
        if setting.knob.alters == (what,) and others(lab, setting):
            assert not same[what], f"{setting.name} says that it alters the {what}, and does not"


@pytest.mark.parametrize(
    "difference",
    [{"learning_rate": 0.1}, {"activation": "relu"}, {"optimizer": "sgd"}, {"batch_size": 8}, {"dropout": 0.5}],
    ids=str,
)
def test_a_second_run_has_the_points_and_the_initial_weights_of_the_first(difference: dict):
    first, second = (PlaygroundExperiment(spec) for spec in (PlaygroundSpec(), PlaygroundSpec(**difference)))
    for half in ("train", "validation"):
        for field in ("coordinates", "inputs", "targets"):
            mine, theirs = (getattr(getattr(one.dataset, half), field) for one in (first, second))
            assert mine.tobytes() == theirs.tobytes()
    weights, others = (dict(one.net.named_parameters()) for one in (first, second))
    assert weights.keys() == others.keys()
    assert all(weights[name].detach().numpy().tobytes() == others[name].detach().numpy().tobytes() for name in weights)


def test_more_seeds_have_the_same_points_and_other_weights():
    first, second = (PlaygroundExperiment(PlaygroundSpec(seed=seed)) for seed in (1, 2))
    np.testing.assert_array_equal(first.dataset.train.inputs, second.dataset.train.inputs)
    assert not np.array_equal(first.net.layers[0].weight.detach(), second.net.layers[0].weight.detach())
