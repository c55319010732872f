"""The lab in which words are trained: reproducible, unmoved by looks, and able to learn what it should."""

import itertools
import math
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from safetensors.numpy import load, save

from engine.errors import RunError, SpecError
from engine.explanation import Cell
from engine.labs import train_words_experiment
from engine.labs.train_words import TrainWordsSpec, panels
from engine.labs.train_words_experiment import TrainWordsExperiment
from engine.readings import arrays_of
from engine.spec import knobs
from engine.words.corpora import CORPORA
from engine.words.corpus import EncodedText
from engine.words.texts.spec import OWN, CorpusName
from engine.words.train import GloveSpec, glove
from engine.words.train.known import known_relations
from engine.words.train.watching import nearest, units
from tests.engine.words.train.conftest import short_tale as short_tale

SPEC = TrainWordsSpec(dimensions=16, epochs=2, min_count=3, learning_rate=0.05)


@pytest.fixture(autouse=True)
def _short_text(short_tale: EncodedText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_words_experiment, "encoded", lambda *_: short_tale)


def walk(experiment: TrainWordsExperiment, count: int | None = None, *, look: bool = False):
    steps = []
    for step in itertools.islice(experiment.steps(), count):
        steps.append(step)
        if look:
            experiment.observe(step)
    return steps, experiment.checkpoint()


WAYS = {
    "skip-gram": {},
    "cbow": {"architecture": "cbow"},
    "tree": {"objective": "hierarchical"},
    "torch": {"program": "torch"},
    "fastText": {"method": "fasttext", "buckets": 2_000},
    "GloVe": {"method": "glove", "passes": 2},
}
OVER_TEXT = [settings for name, settings in WAYS.items() if name != "GloVe"]


@pytest.mark.parametrize("settings", WAYS.values(), ids=WAYS)
def test_walks_are_equal_bit_for_bit_looked_at_or_not(settings: dict[str, object]):
    spec = SPEC.replace(**settings)
    first, kept = walk(TrainWordsExperiment(spec))
    second, also = walk(TrainWordsExperiment(spec), look=True)
    assert first == second
    assert all(np.array_equal(kept[name], also[name], equal_nan=True) for name in kept)
    assert all(math.isfinite(step.loss) for step in first)
    assert first[-1].loss < first[0].loss


@pytest.mark.parametrize("settings", OVER_TEXT, ids=str)
def test_before_anything_is_learnt_every_guess_is_even(settings: dict[str, object]):
    """All outputs are zero then, so each of the 1 + 5 choices, or each turn down the tree, costs log 2."""
    experiment = TrainWordsExperiment(SPEC.replace(**settings))
    (step,), _ = walk(experiment, 1)
    turns = step.loss / math.log(2)
    if "objective" in settings:
        assert 4 < turns < 11
    else:
        assert turns == pytest.approx(6, abs=1e-4)


def test_a_run_of_glove_comes_to_what_glove_learns_in_one_go(short_tale: EncodedText, tmp_path: Path):
    spec = SPEC.replace(method="glove", passes=3, x_max=20, window=4)
    experiment = TrainWordsExperiment(spec)
    steps, _ = walk(experiment)
    whole = GloveSpec(
        dimensions=16, epochs=3, min_count=3, learning_rate=0.05, x_max=20, window=4, threads=1, seed=spec.seed
    )
    np.testing.assert_array_equal(experiment._trainer.vectors(), glove(short_tale, whole, cache=tmp_path).vectors)
    assert steps[-1].epoch == 3
    assert experiment.stop_reason() == "All 3 passes are done."
    assert experiment.words()["epoch"] == "pass"
    row = {"scalars": np.ones(len(experiment.scalars))}
    assert "2,000 pairs of words at step 0" in experiment.explain(0, row, Cell("scalars.loss")).what


@pytest.mark.parametrize(
    ("method", "shown", "not_shown"),
    [
        ("glove", {"x_max", "alpha", "passes", "symmetric", "clip", "learning_rate", "window"}, {"epochs", "negative"}),
        ("word2vec", {"epochs", "negative", "sample", "threads", "window"}, {"x_max", "passes", "shortest"}),
        ("fasttext", {"epochs", "negative", "sample", "shortest"}, {"alpha", "passes", "symmetric", "program"}),
    ],
)
def test_a_method_has_its_own_settings(method: str, shown: set[str], not_shown: set[str]):
    spec = SPEC.replace(method=method)
    found = {setting.name for setting in knobs(TrainWordsSpec) if setting.applies(spec)}
    assert shown <= found
    assert not not_shown & found


@pytest.mark.parametrize("settings", [WAYS["skip-gram"], WAYS["GloVe"]], ids=["skip-gram", "GloVe"])
def test_from_a_checkpoint_it_goes_on_bit_for_bit(settings: dict[str, object]):
    spec = SPEC.replace(**settings)
    whole, interrupted = TrainWordsExperiment(spec), TrainWordsExperiment(spec)
    for step in itertools.islice(interrupted.steps(), 4):
        if step.number == 2:
            interrupted.set("learning_rate", "0.2")
    kept = load(save(interrupted.checkpoint()))
    rest = list(TrainWordsExperiment(spec).steps(kept))
    steps = []
    for step in whole.steps():
        steps.append(step)
        if step.number == 2:
            whole.set("learning_rate", "0.2")
    assert rest == steps[3:]
    with pytest.raises(SpecError, match="cannot change during a run"):
        whole.set("window", "3")


def test_what_is_seen_is_what_is_there():
    experiment = TrainWordsExperiment(SPEC.replace(watched="king, queen dog nowhere", probe="man"))
    steps, _ = walk(experiment)
    moment = experiment.observe(steps[-1])
    assert tuple(moment.scalars) == experiment.scalars
    trainer = experiment._trainer
    rows = {word: row for row, word in enumerate(trainer.words)}
    unit = units(trainer.vectors())
    for name in ("king", "queen", "dog"):
        assert moment.scalars[f"similar.{name}"] == pytest.approx(unit[rows[name]] @ unit[rows["man"]], abs=1e-6)
    found, _ = nearest(trainer.vectors(), rows["man"], 10)
    assert [part.split()[0] for part in moment.words["nearest"].removeprefix("man: ").split(", ")] == [
        trainer.words[row] for row in found
    ]
    words = experiment.words()
    assert words["watched"] == "king\nqueen\ndog"
    assert words["warnings"] == "Not among the words that are learnt: nowhere."
    arrays = arrays_of(moment.readings)
    assert arrays["map.x"].shape == arrays["map.y"].shape == (3,)
    x = arrays["map.x"]  # of the three, king and queen alone are a pair
    np.testing.assert_array_equal(arrays["map.pair_x"], np.array([x[0], x[1], np.nan], np.float32))
    shares = [value for name, value in moment.scalars.items() if name.startswith("relation.")]
    assert len(shares) > 8
    assert moment.scalars["score"] == pytest.approx(0.2, abs=0.2)


@pytest.mark.parametrize(("settings", "unit"), [({}, "words"), ({"method": "glove", "passes": 2}, "pairs")], ids=str)
def test_how_quickly_it_goes_is_measured_and_what_time_is_left(
    settings: dict[str, object], unit: str, monkeypatch: pytest.MonkeyPatch
):
    """Each step takes two seconds by this clock, and so does the pause between them, which does not count."""
    clock = iter(range(0, 10_000, 2))
    monkeypatch.setattr(train_words_experiment, "perf_counter", lambda: float(next(clock)))
    experiment = TrainWordsExperiment(SPEC.replace(**settings))
    assert experiment.words()["unit"] == unit
    total = experiment._trainer.total
    told = [(step, experiment.observe(step).words) for step in experiment.steps()]
    assert (told[0][1]["pace"], told[0][1]["left"]) == ("", "")
    (first, _), (_, _), (step, words) = told[:3]
    speed = (step.epoch - first.epoch) * total / 4
    assert float(words["pace"].replace(",", "")) == pytest.approx(speed, rel=5e-3)
    minutes, _, seconds = words["left"].rpartition(" min ")
    left = 60 * int(minutes or 0) + int(seconds.removesuffix(" s"))
    assert left == math.ceil((2 - step.epoch) * total / speed)
    assert told[-1][1]["left"] == "0 s"


def test_words_of_known_relations_are_watched_where_none_are_named():
    experiment = TrainWordsExperiment(SPEC)
    pairs = {pair for pairs in known_relations("world").values() for pair in pairs}
    assert len(experiment.watched) > 15
    assert all(any(word in pair for pair in pairs) for word in experiment.watched)
    assert experiment.probe == "king"


def test_a_look_comes_from_a_snapshot_elsewhere():
    here, there = TrainWordsExperiment(SPEC), TrainWordsExperiment(SPEC)
    *_, step = itertools.islice(here.steps(), 3)
    there.adopt(here.snapshot())
    seen = there.observe(step)
    expected = here.observe(step)
    assert seen.scalars == pytest.approx(dict(expected.scalars), nan_ok=True)
    assert seen.words == expected.words


def test_every_number_of_a_frame_is_told():
    experiment = TrainWordsExperiment(SPEC)
    steps, _ = walk(experiment, 5)
    moment = experiment.observe(steps[-1])
    arrays = arrays_of(moment.readings) | {"scalars": np.array([*moment.scalars.values()])}
    for name, value in moment.scalars.items():
        told = experiment.explain(steps[-1].number, arrays, Cell(f"scalars.{name}"))
        assert told.value == pytest.approx(value, nan_ok=True)
    near = experiment.explain(4, arrays, Cell(f"scalars.similar.{experiment.watched[0]}"))
    assert near.lines[-1].endswith(f"{moment.scalars[f'similar.{experiment.watched[0]}']:.4g}".replace("-", "−"))
    with pytest.raises(RunError):
        experiment.explain(4, arrays, Cell("map.x", (0,)))


def test_panels_ask_for_what_there_is():
    experiment = TrainWordsExperiment(SPEC)
    steps, _ = walk(experiment, 2)
    moment = experiment.observe(steps[-1])
    arrays = {*arrays_of(moment.readings), *experiment.scalars, *experiment.words()}
    stacks = {name.partition(".")[0] for name in experiment.scalars}
    for panel in panels(SPEC):
        for bind in getattr(panel, "bindings", ()):
            assert bind.array in (stacks if bind.mode == "stack" else arrays), (panel.id, bind)


def test_bad_settings_are_told():
    assert get_args(CorpusName) == (*CORPORA, OWN)
    with pytest.raises(SpecError, match="shortest: expected at most longest, 6; received 7"):
        TrainWordsSpec().replace(method="fasttext", shortest=7)
    assert TrainWordsSpec(program="torch", architecture="cbow").vectors().program == "gensim"


def test_a_text_of_which_nothing_is_known_is_learnt_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    experiment = TrainWordsExperiment(SPEC.replace(corpus="packaged:descriptions"))
    steps, _ = walk(experiment, 2)
    moment = experiment.observe(steps[-1])
    assert math.isnan(moment.scalars["score"])
    assert "too few words of any known relation" in experiment.words()["warnings"]
    assert len(experiment.watched) == train_words_experiment.UNASKED
    assert arrays_of(moment.readings)["map.pair_x"].shape == (0,)


@pytest.mark.parametrize(("epochs", "rate", "alike"), [(3, 0.05, True), (60, 0.1, False)])
def test_where_words_still_point_the_same_way_the_end_says_so(epochs: int, rate: float, alike: bool):
    experiment = TrainWordsExperiment(SPEC.replace(epochs=epochs, learning_rate=rate))
    walk(experiment)
    some = units(experiment._trainer.vectors(np.arange(min(500, len(experiment._trainer.words)))))
    cosines = (some @ some.T)[np.triu_indices(len(some), 1)]
    assert (cosines.mean() > 0.9) is np.bool_(alike)
    reason = experiment.stop_reason() or ""
    assert reason.startswith(f"All {epochs} epochs are done.")
    assert ("more epochs, or a higher learning rate" in reason) is alike
