"""The map on the page: what it says of a map, and of how much of it is chance, is what the work has written."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.frames import Message, decode
from engine.words import load
from engine.words.packaged import packaged
from pages.ui.words import room
from pages.ui.words.map_told import telling
from tests.pages.conftest import OpenPage

LEE = {"source": "packaged:lee-fasttext", "section": "map", "map.top": "100"}
PATIENCE = 150.0
pytestmark = pytest.mark.timeout(400)  # libraries of maps are imported and compiled first


@pytest.fixture(scope="module", autouse=True)
def opened_before(own_hub: Path):
    room.close()
    load(packaged("lee-fasttext").path, cache=own_hub / "words")
    yield
    room.close()


def pressed(visit: AppTest, label: str, come: Callable[[], object]) -> None:
    """Press a button and look at the page until what it begins has come."""
    next(button for button in visit.button if button.label == label).click().run()
    until = time.monotonic() + PATIENCE
    while not come():
        assert not [*visit.exception, *visit.error]
        assert time.monotonic() < until
        time.sleep(0.2)
        visit.run()


def said(visit: AppTest, begin: str) -> list[str]:
    return [one.value for one in visit.main.markdown if one.value.startswith(begin)]


def shown(visit: AppTest) -> dict:
    """Return what the map's component is given."""
    told = [json.loads(element.proto.json) for element in visit.get("bidi_component")]
    return next(one for one in told if "map" in one)


def written(home: Path, visit: AppTest, name: str) -> Message:
    return decode((home / "maps" / shown(visit)["map"] / name).read_bytes())


def test_what_is_told_of_a_map_and_of_chance_in_it_is_what_was_measured(page: OpenPage, own_hub: Path):
    visit = page("words.py", **LEE, **{"map.method": "tsne", "map.perplexity": "10"})
    pressed(visit, "Draw the map", lambda: said(visit, "- **Neighbours kept"))
    made = written(own_hub, visit, "map.lsf")
    assert made.header["n"] == 100
    assert said(visit, "- **Neighbours kept") == [telling(made.header)]
    assert f"{made.header['kept']:.0%}" in telling(made.header)
    assert made.header["kept"] == pytest.approx(float(made.arrays["kept"].mean()), abs=1e-6)
    assert shown(visit)["scores"] == []

    pressed(visit, "How much of it is chance?", lambda: said(visit, "- **Wobble"))
    chance = written(own_hub, visit, "wobble.lsf")
    spread = chance.arrays["spread"]
    assert spread.shape == (100,)
    (told,) = said(visit, "- **Wobble")
    assert told.startswith(f"- **Wobble {spread.mean():.3f}.** With 4 other seeds ")
    visit.run()
    (score,) = shown(visit)["scores"]
    assert {name: score[name] for name in ("name", "low", "high", "middle")} == {
        "name": "Wobble over seeds",
        "low": "stays",
        "high": "strays",
        "middle": None,
    }
    file = own_hub / "maps" / shown(visit)["map"] / "scores" / f"{score['id']}.lsf"
    np.testing.assert_array_equal(decode(file.read_bytes()).arrays["values"], spread)


def test_of_a_map_without_a_seed_no_chance_is_asked(page: OpenPage):
    visit = page("words.py", **LEE, **{"map.method": "pca"})
    pressed(visit, "Draw the map", lambda: said(visit, "- **Neighbours kept"))
    assert "How much of it is chance?" not in [button.label for button in visit.button]


def test_an_axis_that_a_person_names_colours_the_map(page: OpenPage, own_hub: Path):
    visit = page("words.py", **LEE, **{"map.method": "pca", "ends": "he she, government people"})
    if not said(visit, "- **Neighbours kept"):
        pressed(visit, "Draw the map", lambda: said(visit, "- **Neighbours kept"))
    made = written(own_hub, visit, "map.lsf")
    space = load(packaged("lee-fasttext").path, cache=own_hub / "words")

    def unit(word: str) -> np.ndarray:
        return space.vector(word) / np.linalg.norm(space.vector(word))

    steps = [unit("he") - unit("she"), unit("government") - unit("people")]
    axis = np.sum([step / np.linalg.norm(step) for step in steps], axis=0)
    axis /= np.linalg.norm(axis)
    (score,) = shown(visit)["scores"]
    assert (score["name"], score["low"], score["high"], score["middle"]) == ("she to he …", "she", "he", 0.0)
    file = own_hub / "maps" / shown(visit)["map"] / "scores" / f"{score['id']}.lsf"
    expected = [unit(space.words[row]) @ axis for row in made.arrays["rows"]]
    np.testing.assert_allclose(decode(file.read_bytes()).arrays["values"], expected, atol=1e-5)


def test_an_axis_without_a_direction_is_told(page: OpenPage):
    visit = page("words.py", **LEE, **{"map.method": "pca", "ends": "he he"})
    if not said(visit, "- **Neighbours kept"):
        pressed(visit, "Draw the map", lambda: said(visit, "- **Neighbours kept"))
    assert [one.value for one in visit.warning if "There is no such axis" in one.value]
    assert shown(visit)["scores"] == []
