"""The transfer grid: of each net it finds what a run of the lab finds, and where few examples are, knowing helps."""

from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import pytest
import torch

from engine.errors import SpecError
from engine.labs.transfer_grid import (
    ALL,
    PRETRAIN_EPOCHS,
    STEPS,
    TRANSFER,
    WAYS,
    TransferGridSpec,
    by_size,
    epochs_for,
    gain,
    places,
    settings_of,
    typical,
)
from engine.labs.vision import LAB, VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.training.fit import batches

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(autouse=True, scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


def finding(**scores: float) -> dict:
    return {"examples": 10, "epochs": 1, "scores": scores}


@pytest.mark.parametrize(
    ("spec", "place"),
    [(TransferGridSpec(), (2, 10)), (TransferGridSpec(images="handwritten", net="dense", frozen="1"), (1, 0))],
    ids=["ten digits", "all of them, handwritten"],
)
def test_each_net_comes_to_what_its_own_run_comes_to(spec: TransferGridSpec, place: tuple[int, int]) -> None:
    from engine.labs.transfer_grid_training import train

    found = train(spec, place)
    assert found["scores"].keys() == WAYS.keys()
    for way, score in found["scores"].items():
        run = VisionSpec().replace(**settings_of(spec, place, way, found["epochs"]))
        experiment = VisionExperiment(run)
        assert len(experiment.prepared.train) == found["examples"]
        assert LAB.prepares(run) is None, "what was learnt before is there for whoever opens the run"
        *_, last = experiment.steps()
        assert last.number >= STEPS
        assert experiment.observe(last).scalars["val_score"] == score


def test_with_few_examples_nets_that_have_learnt_before_tell_more_right() -> None:
    """The learning bar: half of the letters for the other, two examples of each."""
    spec = TransferGridSpec(images="drawn_letters", sizes=("20",), seeds=3)
    (some,) = by_size(spec, list(TRANSFER.findings(spec))).values()
    for way in ("frozen", "free"):
        more, better = gain(some, way)
        assert more > 0.05
        assert better >= 2


def test_the_three_ways_differ_in_what_they_begin_with_alone() -> None:
    frozen, free, scratch = (settings_of(TransferGridSpec(frozen="body"), (3, 20), way, 9) for way in WAYS)
    assert scratch == {
        "images": "drawn_digits",
        "net": "lenet",
        "classes": "second_half",
        "seed": 3,
        "data_seed": 3,
        "max_epochs": 9,
        "train_images": 20,
    }
    assert free == scratch | {"pretrain_epochs": PRETRAIN_EPOCHS}
    assert frozen == free | {"frozen": "body"}
    assert settings_of(TransferGridSpec(), (1, 0), "scratch", 9).keys() == scratch.keys() - {"train_images"}


@pytest.mark.parametrize("examples", [2, 10, 32, 33, 34, 64, 65, 66, 200, 673, 756])
def test_every_net_learns_for_whole_epochs_that_make_enough_steps_and_no_more(examples: int) -> None:
    epochs = epochs_for(examples, 32)
    passed = next(n for n, (epoch, _) in enumerate(batches(examples, VisionSpec())) if epoch >= epochs)
    before = next(n for n, (epoch, _) in enumerate(batches(examples, VisionSpec())) if epoch >= epochs - 1)
    assert before < STEPS <= passed


def test_places_are_seed_by_seed_from_few_examples_to_all() -> None:
    spec = TransferGridSpec(sizes=("all", "100", "20"), seeds=2)
    assert places(spec) == ((1, 20), (1, 100), (1, 0), (2, 20), (2, 100), (2, 0))
    findings = [finding(scratch=share / 10) for share in range(4)]
    found = by_size(spec, findings)
    assert list(found) == ["20", "100", ALL]
    assert [[place for place, _ in some] for some in found.values()] == [[(1, 20), (2, 20)], [(1, 100)], [(1, 0)]]
    assert [one["scores"]["scratch"] for _, one in found["20"]] == [0, 0.3]
    with pytest.raises(SpecError):
        TransferGridSpec().replace(sizes=())


def test_what_is_gained_is_the_mean_over_pairs_of_one_seed() -> None:
    pairs = [(0.5, 0.4), (0.7, 0.7), (0.3, 0.6)]
    some = [((seed, 10), finding(free=free, scratch=scratch)) for seed, (free, scratch) in enumerate(pairs, 1)]
    more, better = gain(some, "free")
    assert more == pytest.approx(mean([0.1, 0.0, -0.3]))
    assert better == 1
    assert typical(some, "free")[0] == (1, 10)
    assert typical(some, "scratch")[0] == (3, 10)


def test_looking_for_scores_draws_from_no_shared_stream() -> None:
    from engine.labs.transfer_grid_training import train

    torch.manual_seed(1)
    state = torch.get_rng_state()
    train(TransferGridSpec(net="dense"), (1, 10))
    assert torch.equal(torch.get_rng_state(), state)
