"""The vision lab's budgets.

vision.train_speed  a worker's steps/s while it streams all panels to one watcher; LeNet-5 in a plain script  (>= 0.95)
vision.mnist        the share of MNIST's test images that LeNet-5 tells rightly after 3 epochs; 0.985 is the bar  (>= 1)

The second is measured where ``LEARNSCOPE_DATA`` names a folder that has the data set's four files below ``mnist``.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.data.images import idx
from engine.data.images.image_set import ImageSet
from engine.nets.images.building import build
from engine.nets.images.lenet import LeNet5
from engine.training.fit import Points, fit
from engine.training.losses import LOSSES
from engine.training.optimisers import make_optimiser
from engine.training.schedules import rate_factor
from engine.training.settings import TrainingSpec
from engine.training.task import Task
from tests.app_server import AppServer
from tests.bench.live import Watched, close, open_lab, train_speeds
from tests.bench.measure import result
from tests.browser import chromium

PAIRS = 5
LENET = Watched("vision", {"max_epochs": "1000"}, "tests.bench.bare_vision")
BAR = 0.985
EPOCHS = 3


def run() -> Iterator[str]:
    """Yield one JSON line per budget."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        os.environ["LEARNSCOPE_HOME"] = folder  # the tokens of our watchers are signed with this server's key
        with AppServer(Path(folder)) as server:
            close(open_lab(browser, server, LENET))
            yield result("vision.train_speed", [train_speeds(browser, server, LENET) for _ in range(PAIRS)])
    if data := os.environ.get("LEARNSCOPE_DATA"):
        yield result("vision.mnist", [(mnist(Path(data) / "mnist"), BAR)])


def mnist(folder: Path) -> float:
    """Return the accuracy on the test images after three epochs, without augmentation."""
    train, test = (halves(folder, half) for half in ("train", "t10k"))
    pixels = train.pixels.astype(np.float32) / 255
    mean, deviation = float(pixels.mean()), float(pixels.std())
    spec = TrainingSpec(max_epochs=EPOCHS, learning_rate=0.002, batch_size=64, schedule="cosine", horizon=EPOCHS)
    net = build(lambda: LeNet5(train.shape, len(train.classes)), spec.seed)
    task = Task("classes", len(train.classes), LOSSES["classes"]["cross_entropy"], "accuracy")
    points = Points(torch.from_numpy((pixels - mean) / deviation), labels(train))
    rate = lambda epoch: spec.learning_rate * rate_factor(spec, epoch)  # noqa: E731
    for _ in fit(net, task, points, spec, rate, make_optimiser(net, spec)):
        pass
    with torch.no_grad():
        inputs = torch.from_numpy((test.pixels.astype(np.float32) / 255 - mean) / deviation)
        return task.score(net.eval()(inputs), labels(test))


def halves(folder: Path, half: str) -> ImageSet:
    """Return the training or the test images of the four files."""
    names = f"{half}-images-idx3-ubyte.gz", f"{half}-labels-idx1-ubyte.gz"
    return idx.image_set(f"MNIST, {half}", *(idx.read((folder / name).read_bytes(), name) for name in names))


def labels(images: ImageSet) -> Tensor:
    """Return the labels as the loss takes them."""
    return torch.from_numpy(images.labels.copy())
