"""The vision lab's budgets.

vision.train_speed  a worker's steps/s while it streams all panels to one watcher; LeNet-5 in a plain script  (>= 0.95)
vision.stroke_ms    from a stroke on the easel to the painted answer, 95th percentile: while the net trains, and while
                    it is paused  (<= 100)
vision.mnist        the share of MNIST's test images that LeNet-5 tells rightly after 3 epochs; 0.985 is the bar  (>= 1)

The last is measured where ``LEARNSCOPE_DATA`` names a folder that has the data set's four files below ``mnist``.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Browser
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
from tests.bench.measure import p95, result
from tests.browser import Screen, chromium
from tests.strokes import THREE, draw

PAIRS = 5
STROKES = 3
LAGS = "document.querySelector('.ls-panel').learnscope.lags"
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
            yield result("vision.stroke_ms", [strokes(browser, server) for _ in range(STROKES)])
    if data := os.environ.get("LEARNSCOPE_DATA"):
        yield result("vision.mnist", [(mnist(Path(data) / "mnist"), BAR)])


def strokes(browser: Browser, server: AppServer) -> tuple[float, float]:
    """Return how long an answer takes in ms, 95th percentile, while a net trains and while it is paused."""
    screen = open_lab(browser, server, LENET)
    screen.get("ls-train").click()
    screen.until(lambda: screen.last > 200)
    training = drawn(screen)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    paused = drawn(screen)
    close(screen)
    return training, paused


def drawn(screen: Screen) -> float:
    """Draw for some seconds, at a person's pace, and return the 95th percentile of how long answers took, in ms."""
    screen.ask(f"void ({LAGS}.length = 0)")
    for _ in range(4):
        draw(screen, THREE, pause_ms=15)
        screen.get("ls-easel-clear").click()
    return p95(screen.ask(LAGS))


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
