"""Words that learn before one's eyes: what the screen shows is what the same training gives without it; a text of one's
own, from the paste to the question.
"""

import re
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.labs.train_words import TrainWordsSpec
from engine.labs.train_words_experiment import TrainWordsExperiment
from engine.readings import arrays_of
from engine.words import Space, world
from engine.words.texts import own
from pages.ui.bringing import PASTED
from tests.app_server import AppServer
from tests.e2e.conftest import Visit

SETTINGS = {"corpus": "packaged:descriptions", "dimensions": "12", "epochs": "1000", "min_count": "3", "probe": "data"}
MAP = "document.querySelector('[data-testid=panel-word-map] .ls-plot').data"
LABELS = (
    "[...document.querySelectorAll('[data-testid=panel-word-map] .textpoint text')].filter((one) => one.textContent)"
    ".map((one) => one.getBoundingClientRect()).map(({ left, top, right, bottom }) => [left, top, right, bottom])"
)


def covers(one: list[float], other: list[float]) -> bool:
    """Tell whether two boxes have more than a pixel in common."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 1


def between(places: np.ndarray) -> np.ndarray:
    """Return all distances: a picture may lie turned."""
    return np.linalg.norm(places[:, None] - places[None], axis=-1)


def test_the_screen_shows_what_is_learnt(
    app_server: AppServer, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "&".join(f"{name}={value}" for name, value in SETTINGS.items())
    screen = visit(f"{app_server.url}/train_words?hide=note.explore-text&{address}")
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
    assert screen.ask(f"{MAP}[1].customdata") == experiment.watched
    written = screen.ask(f"{MAP}[1].text")
    assert written[0] == experiment.watched[0]
    assert all(word in ("", watched) for word, watched in zip(written, experiment.watched, strict=True))
    assert not [pair for pair in combinations(screen.ask(LABELS), 2) if covers(*pair)]
    drawn = np.array(screen.ask(f"[Array.from({MAP}[1].x), Array.from({MAP}[1].y)]")).T
    arrays = arrays_of(moment.readings)
    expected = np.stack([arrays["map.x"], arrays["map.y"]], axis=1)
    np.testing.assert_allclose(between(drawn), between(expected), atol=1e-5)
    screen.press("ArrowLeft")
    screen.until(lambda: screen.shown < step)
    assert "data: " in screen.get("panel-word-nearest").inner_text()
    assert screen.get("ls-readout-left").inner_text() == "–", "time left is of now"


def test_a_pasted_text_is_learnt_and_its_words_are_asked(
    app_server: AppServer, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    text = " ".join(" ".join(sentence) + "." for sentence in world.sentences(count=3_000))
    settings = {"dimensions": "16", "epochs": "300", "min_count": "3", "learning_rate": "0.05", "probe": "king"}
    spec = TrainWordsSpec.from_strings(
        {**settings, "corpus": "own", "own": own.keep(tmp_path, [text.encode()], PASTED, "me")}
    )

    screen = visit(f"{app_server.url}/train_words?hide=note.explore-text&corpus=packaged:descriptions")
    page = screen.page
    page.goto(f"{app_server.url}/train_words?hide=note.explore-text&corpus=own&{urlencode(settings)}")
    expect(page.get_by_text("No text of yours is chosen yet")).to_be_visible()
    page.get_by_placeholder("Paste a text here").fill(text)
    page.get_by_role("button", name="Use this text").click()
    screen.until(lambda: (screen.painted or 0) > 0)
    assert parse_qs(urlsplit(page.url).query)["own"] == [spec.own]
    before = screen.ask(f"Array.from({MAP}[1].x)")
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= 10)
    screen.until(lambda: screen.ask(f"Array.from({MAP}[1].x)") != before)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    step, run = screen.last, screen.run

    page.get_by_role("button", name="Make the file").click()
    with page.context.expect_page():
        page.get_by_role("link", name="Download vectors").click()
    file = page.request.get(f"{app_server.url}{page.get_by_role('link', name='Download').get_attribute('href')}")
    assert file.headers["content-disposition"].startswith("attachment; ")
    page.get_by_role("button", name="Open in Words").click()
    page.wait_for_url("**/words?*")
    expect(page.get_by_text(re.compile("Exact search through"))).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["source"] == [f"run:{run}:{step}"]
    rows = page.locator(".ls-ranked tbody tr")
    shown = [rows.nth(place).inner_text().split() for place in range(10)]

    expected = learnt_until(spec, step, tmp_path)
    assert file.body().startswith(f"{len(expected)} 16\n".encode())
    assert [row[1] for row in shown] == [word for word, _ in expected.neighbours("king", 10)]
    page.get_by_role("link", name="Train words").click()
    screen.until(lambda: (screen.painted or 0) > 0)
    assert (screen.run, screen.last) == (run, step), "the run is as it was left"


def learnt_until(spec: TrainWordsSpec, step: int, home: Path) -> Space:
    experiment = TrainWordsExperiment(spec)
    next(at for at in experiment.steps() if at.number == step)
    return experiment.keep(home / "space")
