"""Words that learn before one's eyes: what the screen shows is what the same training gives without it."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.labs.train_words import TrainWordsSpec
from engine.labs.train_words_experiment import TrainWordsExperiment
from engine.readings import arrays_of
from tests.app_server import AppServer
from tests.e2e.conftest import Visit

SETTINGS = {"corpus": "packaged:descriptions", "dimensions": "12", "epochs": "20", "min_count": "3", "probe": "data"}
MAP = "document.querySelector('[data-testid=panel-word-map] .ls-plot').data"


def between(places: np.ndarray) -> np.ndarray:
    """Return all distances: a picture may lie turned."""
    return np.linalg.norm(places[:, None] - places[None], axis=-1)


def test_the_screen_shows_what_is_learnt(
    app_server: AppServer, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "&".join(f"{name}={value}" for name, value in SETTINGS.items())
    screen = visit(f"{app_server.url}/train_words?hide=note&{address}")
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= 5)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state in ("paused", "finished"))
    screen.until(lambda: screen.shown == screen.last)
    step = screen.shown

    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    experiment = TrainWordsExperiment(TrainWordsSpec.from_strings(SETTINGS))
    moment = next(experiment.observe(at) for at in experiment.steps() if at.number == step)

    nearest = screen.get("panel-word-nearest").locator(".ls-words").first
    expect(nearest).to_have_text(moment.words["nearest"])
    assert float(screen.get("ls-readout-loss").inner_text()) == pytest.approx(moment.scalars["loss"], rel=1e-3)
    assert screen.get("ls-readout-pace").locator("xpath=../dt").inner_text() == "Words/s"
    assert re.fullmatch(r"[1-9][\d,]*", screen.get("ls-readout-pace").inner_text())
    assert re.fullmatch(r"\d+ s|\d+ min \d+ s", screen.get("ls-readout-left").inner_text())
    expect(screen.get("ls-readout-val-loss")).to_be_hidden()
    assert screen.ask(f"{MAP}[1].text") == experiment.watched
    drawn = np.array(screen.ask(f"[Array.from({MAP}[1].x), Array.from({MAP}[1].y)]")).T
    arrays = arrays_of(moment.readings)
    expected = np.stack([arrays["map.x"], arrays["map.y"]], axis=1)
    np.testing.assert_allclose(between(drawn), between(expected), atol=1e-5)
    screen.press("ArrowLeft")
    screen.until(lambda: screen.shown < step)
    assert "data: " in screen.get("panel-word-nearest").inner_text()
    assert screen.get("ls-readout-left").inner_text() == "–", "time left is of now"
