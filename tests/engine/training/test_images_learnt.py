"""How well nets for images learn, on real images that no net has seen: scikit-learn's handwritten digits."""

import pytest
import torch
from torch import nn

from engine.data.images.digits import digits
from engine.data.images.image_set import ImageSet, resized
from engine.nets.images.building import build
from engine.nets.images.lenet import LeNet5
from engine.nets.images.softmax import SoftmaxRegression
from engine.seeds import derive
from engine.training.fit import Points, fit
from engine.training.losses import LOSSES
from engine.training.optimisers import make_optimiser
from engine.training.schedules import rate_factor
from engine.training.settings import TrainingSpec
from engine.training.task import Task

TASK = Task("classes", 10, LOSSES["classes"]["cross_entropy"], "accuracy")
HELD_OUT = 450


@pytest.fixture(scope="module")
def images() -> ImageSet:
    return resized(digits(), 28)


def score(net: nn.Module, images: ImageSet, seed: int, epochs: int, labels: torch.Tensor | None = None) -> float:
    """Return the share of the digits held out that a net tells rightly, after it has learnt the others."""
    pixels = torch.from_numpy(images.pixels.copy()).float() / 255
    truth = torch.from_numpy(images.labels.copy())
    order = torch.randperm(len(truth), generator=torch.Generator().manual_seed(derive(seed, "split")))
    learnt, held_out = order[HELD_OUT:], order[:HELD_OUT]
    pixels = (pixels - pixels[learnt].mean()) / pixels[learnt].std()
    points = Points(pixels[learnt], (truth if labels is None else labels)[learnt])
    spec = TrainingSpec(max_epochs=epochs, learning_rate=0.002, schedule="cosine", horizon=epochs, seed=seed)
    rate = lambda epoch: spec.learning_rate * rate_factor(spec, epoch)  # noqa: E731
    for _ in fit(net, TASK, points, spec, rate, make_optimiser(net, spec)):
        pass
    with torch.no_grad():
        return TASK.score(net.eval()(pixels[held_out]), truth[held_out])


@pytest.mark.parametrize("seed", [0, 1])
def test_lenet_tells_98_of_100_digits_that_it_has_not_seen(images: ImageSet, seed: int) -> None:
    net = build(lambda: LeNet5(images.shape, 10), seed)
    assert score(net, images, seed, epochs=25) >= 0.98


def test_neighbouring_pixels_are_worth_a_convolution(images: ImageSet) -> None:
    convolving, plain = (build(lambda make=make: make(images.shape, 10), 0) for make in (LeNet5, SoftmaxRegression))
    assert score(convolving, images, 0, epochs=10) > score(plain, images, 0, epochs=10) + 0.005


def test_of_labels_without_sense_nothing_is_learnt(images: ImageSet) -> None:
    labels = torch.randint(10, (len(images),), generator=torch.Generator().manual_seed(0))
    assert score(build(lambda: LeNet5(images.shape, 10), 0), images, 0, epochs=5, labels=labels) < 0.25
