"""A map while it forms: progress in words, points that glide, a view that does not jump; and what may go wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from pages.ui import map_routes
from tests.pages.pointmap.conftest import HOOKS, Screen
from tests.pages.pointmap.samples import HOSTILE, Sample, sample, write_layout, write_map, write_words

NEWS = "ls-map-news"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_routes, "WAIT_SECONDS", 1.0)


def begun(screen: Screen, made: Sample, positions: np.ndarray, **data: object) -> tuple[str, Path]:
    """Open a map that has just begun to form."""
    key, folder = screen.harness.new_map()
    write_words(folder, made)
    write_layout(folder, positions, 1, 0.1, "finding neighbours")
    screen.open(key, state="going", **data)
    screen.rest(finished=False)
    return key, folder


def test_a_map_is_seen_to_form_with_words_and_a_share(screen: Screen, flat: Sample) -> None:
    start = np.random.default_rng(4).normal(size=flat.positions.shape)
    key, folder = begun(screen, flat, start, cancellable=True)
    assert screen.get(NEWS).inner_text() == "finding neighbours · 10 %"
    assert screen.get("ls-map-colour").locator("option").all_inner_texts() == ["One colour"]
    assert screen.get("ls-map-progress").evaluate("(bar) => bar.value") == pytest.approx(0.1)
    write_layout(folder, flat.positions * 0.5, 2, 0.629, "laying out")
    screen.until(lambda: screen.get(NEWS).inner_text() == "laying out · 62 %")
    screen.rest(finished=False)
    places = np.array(screen.hook("stage.motion.positions && [...hooks.stage.motion.positions]")).reshape(-1, 2)
    np.testing.assert_allclose(places, flat.positions * 0.5, rtol=1e-6)
    assert len(screen.hook("stage.written")) > 10, "words are written meanwhile"
    assert screen.told("done") == []
    write_map(folder, flat)
    screen.rest()
    assert not screen.get(NEWS).is_visible()
    assert screen.told("done") == [key]
    places = np.array(screen.hook("stage.motion.positions && [...hooks.stage.motion.positions]")).reshape(-1, 2)
    np.testing.assert_array_equal(places.astype(np.float32), flat.positions)
    options = screen.get("ls-map-colour").locator("option").all_inner_texts()
    assert options == ["Cluster", "Neighbours kept", "Frequency", "One colour"]
    assert screen.get("ls-map-colour").input_value() == "cluster"


def test_points_glide_and_the_view_follows_without_a_jump(screen: Screen, flat: Sample) -> None:
    start = flat.positions[::-1].copy()
    _, folder = begun(screen, flat, start)
    screen.ask(
        f"""void (() => {{
            const {{ stage }} = {HOOKS};
            const note = () => window.track.push([1 / stage.camera.scale, ...stage.motion.positions.slice(0, 40)]);
            window.track = [];
            note();
            const project = stage.camera.project.bind(stage.camera);
            stage.camera.project = (...all) => {{
                project(...all);
                note();
            }};
        }})()"""
    )
    write_layout(folder, flat.positions * 3, 2, 0.5)
    screen.until(lambda: screen.hook("stage.map.positions[0]") == pytest.approx(float(flat.positions[0, 0] * 3)))
    screen.rest(finished=False)
    track = np.array(screen.ask("window.track"))
    assert len(track) > 5
    steps, whole = np.diff(track, axis=0), track[-1] - track[0]
    assert (steps * np.sign(whole) >= -1e-6).all(), "each point, and the eye, goes one way all the way"
    # The longest frame counts for 100 ms, in which half of the way is made.
    assert (np.abs(steps) <= 0.6 * np.abs(whole) + 1e-6).all()
    assert whole[0] > 0, "the map grows, so one steps back"


def test_who_looks_elsewhere_is_not_taken_back(screen: Screen, flat: Sample) -> None:
    _, folder = begun(screen, flat, flat.positions * 0.3)
    screen.ask(f"{HOOKS}.stage.zoom(4)")
    screen.rest(finished=False)
    scale = screen.hook("stage.camera.scale")
    x = screen.hook("stage.camera.stance.x")
    write_layout(folder, flat.positions, 2, 0.9)
    screen.until(lambda: "90 %" in screen.get(NEWS).inner_text())
    write_map(folder, flat)
    screen.rest()
    assert screen.hook("stage.camera.scale") == pytest.approx(scale)
    assert screen.hook("stage.camera.stance.x") == pytest.approx(x)


def test_words_come_first_then_the_layout(screen: Screen, flat: Sample) -> None:
    key, folder = screen.harness.new_map()
    screen.open(key, state="waiting")
    screen.until(lambda: screen.get(NEWS).inner_text() == "The map waits for its turn.")
    screen.update(state="going")
    screen.until(lambda: screen.get(NEWS).inner_text() == "The map is on its way…")
    write_words(folder, flat)
    write_layout(folder, flat.positions, 1, 0.2, HOSTILE)
    screen.until(lambda: screen.get(NEWS).inner_text() == f"{HOSTILE} · 20 %")
    assert screen.page.locator(".ls-map img").count() == 0


def test_a_map_can_be_called_off(screen: Screen, flat: Sample) -> None:
    key, _ = begun(screen, flat, flat.positions, cancellable=True)
    screen.get("ls-map-cancel").click()
    assert screen.told("cancel") == [key]
    screen.update(state="cancelled", cancellable=False)
    assert screen.get(NEWS).inner_text() == "This map was called off."
    assert not screen.get("ls-map-progress").is_visible()
    assert not screen.get("ls-map-cancel").is_visible()


def test_a_map_that_was_called_off_goes_on_when_it_is_asked_for_again(screen: Screen, flat: Sample) -> None:
    _, folder = begun(screen, flat, flat.positions)
    screen.update(state="cancelled")
    assert screen.get(NEWS).inner_text() == "This map was called off."
    write_layout(folder, flat.positions, 1, 0.4)
    screen.update(state="going")
    screen.until(lambda: screen.get(NEWS).inner_text() == "laying out · 40 %")
    write_map(folder, flat)
    screen.rest()
    assert not screen.get(NEWS).is_visible()


def test_what_went_wrong_is_said(screen: Screen, flat: Sample) -> None:
    begun(screen, flat, flat.positions)
    screen.update(state="failed", message="The map needs at least 16 words: received 3.")
    assert screen.get(NEWS).inner_text() == "The map needs at least 16 words: received 3."
    screen.update(state="failed", message="")
    assert screen.get(NEWS).inner_text() == "The map could not be laid out."


def test_where_there_is_no_map_it_is_said(screen: Screen) -> None:
    screen.open("")
    assert screen.get(NEWS).inner_text() == "There is no map yet."
    screen.update(message="Choose a space above.")
    assert screen.get(NEWS).inner_text() == "Choose a space above."


def test_without_a_right_there_is_a_sentence(screen: Screen, flat: Sample) -> None:
    key, folder = screen.harness.new_map()
    write_map(folder, flat)
    screen.open(key, token="forged")
    screen.until(lambda: screen.get(NEWS).inner_text() == "This page has no right to this map: reload it.")
    screen.errors.clear()  # the browser's own word on the 403


@pytest.mark.parametrize("broken", ["words", "bytes", "json", "dimensions"])
def test_a_broken_map_is_told_in_a_sentence(screen: Screen, flat: Sample, broken: str) -> None:
    key, folder = screen.harness.new_map()
    write_map(folder, flat)
    if broken == "words":
        (folder / "words.json").write_text(json.dumps(flat.words[:-5]))
    elif broken == "bytes":
        (folder / "map.lsf").write_bytes((folder / "map.lsf").read_bytes()[:1000])
    elif broken == "json":
        (folder / "words.json").write_text("[")
    else:
        write_map(folder, sample(50, 2), n=50)
        write_map(folder, Sample(**{**flat.__dict__, "positions": flat.positions[:, :1]}))
    screen.open(key)
    screen.until(lambda: screen.get(NEWS).is_visible() and "way" not in screen.get(NEWS).inner_text())
    expected = {
        "words": "The places of this map do not fit its words: expected 295 points, received 300. Lay it out anew.",
        "dimensions": "This map is neither flat nor a space: expected 2 or 3 numbers for each point, received 1.",
    }
    text = screen.get(NEWS).inner_text()
    assert text == expected.get(broken, "What the server sent is no map: reload the page, or lay the map out anew.")
    assert screen.get(NEWS).locator("..").get_attribute("data-kind") == "alarm"


def test_a_map_of_no_words_and_of_one(screen: Screen) -> None:
    none = Sample([], *(np.empty(shape, kind) for shape, kind in EMPTY))
    key, folder = screen.harness.new_map()
    write_map(folder, none, trustworthiness=None)
    screen.open(key)
    screen.until(lambda: screen.get(NEWS).inner_text() == "There are no words to be laid out: choose others.")
    one = Sample(["alone"], *(np.zeros((1, *shape[1:]), kind) - (kind == np.int32) for shape, kind in EMPTY))
    key, folder = screen.harness.new_map()
    write_map(folder, one)
    screen.open(key)
    screen.rest()
    assert [label["text"] for label in screen.hook("stage.written")] == ["alone"]


EMPTY = (
    ((0, 3), np.float32),
    ((0, 2), np.float32),
    ((0, 15), np.int32),
    ((0,), np.float32),
    ((0, 15), np.float32),
    ((0,), np.int32),
    ((0,), np.float64),
    ((0,), np.int32),
)


def test_another_map_of_the_same_words_is_reached_without_a_jump(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-search").fill(flat.words[7])
    screen.press("Enter")
    screen.rest()
    screen.get("ls-map-canvas").focus()
    turned = Sample(**{**flat.__dict__, "words": flat.words[::-1], "positions": flat.positions[::-1] * np.float32(2)})
    key, folder = screen.harness.new_map()
    write_map(folder, turned)
    screen.ask(
        f"""void (() => {{
            const {{ motion }} = {HOOKS}.stage;
            const go = motion.go.bind(motion);
            motion.go = (target, start, home) => {{
                window.first = start && [...start];
                go(target, start, home);
            }};
        }})()"""
    )
    screen.update(map=key, token=screen.harness.token(key))
    screen.until(lambda: screen.hook(f"map.words[0] === {json.dumps(turned.words[0])}"))
    np.testing.assert_array_equal(np.array(screen.ask("window.first"), np.float32).reshape(-1, 2), flat.positions[::-1])
    screen.rest()
    assert screen.hook("map.words[hooks.selected]") == flat.words[7], "the selected word stays so"


def test_a_server_that_is_away_is_told_and_waited_for(screen: Screen, flat: Sample) -> None:
    key, folder = screen.harness.new_map()
    write_words(folder, flat)
    screen.page.route("**/layout.lsf*", lambda route: route.abort())
    try:
        screen.open(key, state="going")
        text = "There is no connection to the server just now. It is tried again."
        screen.until(lambda: screen.get(NEWS).inner_text() == text)
    finally:
        screen.page.unroute("**/layout.lsf*")
    write_map(folder, flat)
    screen.rest()
    assert not screen.get(NEWS).is_visible()
    screen.errors.clear()  # the browser's own words on each try
