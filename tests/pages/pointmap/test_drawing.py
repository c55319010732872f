"""What is drawn: points at their places in their colours, words that do not overlap, lines to the true neighbours."""

import itertools

import numpy as np
import pytest

from engine.figures.style import CLASS_COLOURS
from tests.pages.pointmap.conftest import CANVAS, HOOKS, Screen
from tests.pages.pointmap.samples import GROUPS, HOSTILE, K, Sample, sample

PIXEL = """([x, y]) => {
    const canvas = document.querySelector('.ls-map-points');
    const ratio = window.devicePixelRatio;
    return [...canvas.getContext('2d').getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data];
}"""
DARKEST = """([x, y]) => {
    const { data } = document.querySelector('.ls-map-over').getContext('2d').getImageData(x - 1, y - 1, 3, 3);
    return Math.max(...data.filter((_, at) => at % 4 === 3));
}"""


def pixel(screen: Screen, place: np.ndarray) -> str:
    """Return the colour under a place of the stage."""
    red, green, blue, alpha = screen.page.evaluate(PIXEL, [float(place[0]), float(place[1])])
    assert alpha == 255
    return f"#{red:02x}{green:02x}{blue:02x}"


def apart(places: np.ndarray, least: float) -> np.ndarray:
    """Return the points that have none nearer than ``least`` pixels, so that their middles show."""
    distances = np.linalg.norm(places[:, None] - places[None], axis=2) + 1e9 * np.eye(len(places))
    return np.flatnonzero(distances.min(axis=1) > least)


def fitted(positions: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return scale and offset per axis that lead from positions to places best."""
    fits = [np.polyfit(positions[:, axis], places[:, axis], 1) for axis in range(2)]
    return np.array([fit[0] for fit in fits]), np.array([fit[1] for fit in fits])


def test_points_lie_where_the_map_says_on_axes_of_one_scale(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    places = screen.places()
    scale, offset = fitted(flat.positions, places)
    np.testing.assert_allclose(places, flat.positions * scale + offset, atol=0.05)
    assert scale[0] == pytest.approx(-scale[1], rel=1e-4), "a unit is as wide as it is high; up is up"
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    low, high = places.min(axis=0), places.max(axis=0)
    assert (low > 0).all(), "all of it is seen"
    assert (high < [width, height]).all()
    assert (low + high) / 2 == pytest.approx([width / 2, height / 2], abs=1), "in the middle"
    assert max((high - low) / [width, height]) > 0.8, "and as large as may be"


def test_a_point_has_the_colour_of_its_cluster(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    places = screen.places()
    lone = apart(places, 14)
    assert len(lone) >= 30
    seen = {index: pixel(screen, places[index]) for index in lone[:60]}
    expected = {"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"}
    assert len({flat.clusters[index] for index in seen}) == GROUPS
    by_cluster = {int(c): {seen[i] for i in seen if flat.clusters[i] == c} for c in set(flat.clusters)}
    assert all(len(colours) == 1 for colours in by_cluster.values())
    shown = {colours.pop() for colours in by_cluster.values()}
    assert len(shown) == GROUPS
    assert len(shown & expected) >= GROUPS - 1, "one or the other was made darker for the paper"
    assert expected <= {colour.lower() for colour in CLASS_COLOURS}


def test_beside_the_points_there_is_paper(screen: Screen, flat: Sample) -> None:
    for theme, paper in (("light", "#ffffff"), ("dark", "#10161d")):
        screen.show(flat, theme=theme)
        places = screen.places()
        grid = np.array(list(itertools.product(range(10, 1000, 90), range(10, 500, 70))), float)
        empty = [spot for spot in grid if np.linalg.norm(places - spot, axis=1).min() > 10]
        assert len(empty) > 20
        assert {pixel(screen, spot) for spot in empty[:20]} == {paper}


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_screen_of_fine_pixels_is_used_to_the_full(screen: Screen, flat: Sample, ratio: int) -> None:
    session = screen.page.context.new_cdp_session(screen.page)
    size = {"width": 1000, "height": 800, "deviceScaleFactor": ratio, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", size)
    try:
        screen.show(flat)
        wide, shown = screen.ask(
            "(() => { const c = document.querySelector('.ls-map-points'); return [c.width, c.clientWidth]; })()"
        )
        assert wide == ratio * shown
        places = screen.places()
        lone = apart(places, 14)[:10]
        assert "#ffffff" not in {pixel(screen, places[index]) for index in lone}
    finally:
        session.send("Emulation.clearDeviceMetricsOverride")
        session.detach()
        # The page's own size is gone with that: another one has to be set for the next test's to be set anew.
        screen.page.set_viewport_size({"width": 1000, "height": 800})


def boxes(screen: Screen) -> list[dict]:
    return screen.hook("stage.written")


def overlaps(all_boxes: list[dict]) -> list[tuple[str, str]]:
    return [
        (one["text"], other["text"])
        for one, other in itertools.combinations(all_boxes, 2)
        if one["left"] < other["left"] + other["width"]
        and other["left"] < one["left"] + one["width"]
        and one["top"] < other["top"] + other["height"]
        and other["top"] < one["top"] + one["height"]
    ]


def measured(screen: Screen, texts: list[str]) -> list[float]:
    """Return how wide words are as the browser draws them."""
    return screen.page.evaluate(
        """(texts) => {
            const context = document.createElement('canvas').getContext('2d');
            context.font = `12px ${getComputedStyle(document.querySelector('.ls-map')).fontFamily}`;
            return texts.map((text) => context.measureText(text).width);
        }""",
        texts,
    )


@pytest.mark.parametrize("zoom", [1, 2.2, 5])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_words_do_not_lie_over_each_other(
    screen: Screen, flat: Sample, deep: Sample, dimensions: int, zoom: float
) -> None:
    screen.show(flat if dimensions == 2 else deep)
    view(screen, f"stage.zoom({zoom})")
    written = boxes(screen)
    assert len(written) >= 6
    assert overlaps([*written, *screen.hook("stage.names")]) == []
    widths = measured(screen, [box["text"] for box in written])
    assert all(box["width"] >= width - 0.5 for box, width in zip(written, widths, strict=True))


def test_words_stand_beside_their_own_points(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    places = screen.places()
    for box in boxes(screen):
        x, y = places[box["index"]]
        assert flat.words[box["index"]] == box["text"]
        assert 0 < box["left"] - x < 12
        assert abs(box["top"] + box["height"] / 2 - y) < 1


def test_the_more_frequent_of_two_that_are_in_each_other_s_way_is_written(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    written = {box["index"] for box in boxes(screen)}
    names = screen.hook("stage.names")
    order = np.argsort(-flat.frequency, kind="stable")
    assert order[0] in written or names, "the most frequent word has the first choice of room"
    ranks = np.empty(flat.count, int)
    ranks[order] = np.arange(flat.count)
    assert np.median(ranks[list(written)]) < np.median(ranks)


def shown_words(screen: Screen) -> set[int]:
    return {box["index"] for box in boxes(screen)}


def view(screen: Screen, change: str) -> None:
    screen.ask(f"(() => {{ const {{ stage }} = {HOOKS}; {change}; stage.request(true); }})()")
    screen.rest()


def test_zooming_in_writes_more_words_and_keeps_those_that_were_there(screen: Screen, flat: Sample) -> None:
    made = sample(2000, seed=5)
    screen.show(made)
    view(screen, "stage.namesClusters = false")
    before = shown_words(screen)
    view(screen, "stage.motion.grasp(); stage.camera.zoom(2.6)")
    places = screen.places()
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    inside = {i for i in before if 0 < places[i][0] < width - 5 and 10 < places[i][1] < height - 10}
    after = shown_words(screen)
    assert inside <= after
    assert len(after & set(np.flatnonzero(((places > 0) & (places < [width, height])).all(axis=1)))) > 1.5 * len(inside)


def test_no_word_comes_or_goes_while_one_pans(screen: Screen, flat: Sample) -> None:
    screen.show(sample(2000, seed=5))
    view(screen, "stage.namesClusters = false; stage.motion.grasp(); stage.camera.zoom(3)")
    before = shown_words(screen)
    view(screen, "stage.camera.pan(37, -21)")
    places = screen.places()
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    after = shown_words(screen)
    within = {i for i in before | after if 60 < places[i][0] < width - 60 and 40 < places[i][1] < height - 40}
    assert len(within) > 40
    assert before & within == after & within


def test_at_the_right_edge_a_word_is_cut_off_only_where_it_has_no_room_on_the_other_side(screen: Screen) -> None:
    screen.show(sample(2000, seed=5))
    view(screen, "stage.namesClusters = false; stage.motion.grasp(); stage.camera.zoom(3)")
    places, width = screen.places(), screen.ask(f"{CANVAS}.clientWidth")
    written = boxes(screen)
    turned = [box for box in written if box["left"] + box["width"] < places[box["index"]][0]]
    assert turned
    assert all(2 * places[box["index"]][0] - box["left"] > width for box in turned)
    for box in written:
        x = places[box["index"]][0]
        if x < width < box["left"] + box["width"]:
            there = {**box, "left": 2 * x - box["left"] - box["width"]}
            assert overlaps([there, *(other for other in written if other is not box)])


def test_lines_lead_to_the_neighbours_of_the_original_space_and_the_far_ones_stand_out(
    screen: Screen, flat: Sample
) -> None:
    screen.show(flat)
    for index in (3, 77, 210):
        screen.get("ls-map-search").fill(flat.words[index])
        screen.press("Enter")
        screen.rest()
        marks = screen.hook("marks")
        assert marks["selected"] == index
        assert marks["neighbours"] == flat.neighbours[index].tolist()
        assert len(marks["neighbours"]) == K
        assert sum(marks["near"]) == round(float(flat.kept[index]) * K), "as many are near as the kept share says"
        distances = np.linalg.norm(flat.positions - flat.positions[index], axis=1)
        order = [int(i) for i in np.argsort(distances, kind="stable") if i != index]
        assert marks["near"] == [order.index(other) < K for other in flat.neighbours[index]]
        listed = screen.get("ls-map-neighbours").locator("li")
        assert listed.locator(".ls-map-name").all_inner_texts() == [flat.words[i] for i in flat.neighbours[index]]
        cosines = listed.locator(".ls-map-cosine").all_inner_texts()
        np.testing.assert_allclose([float(text.replace("−", "-")) for text in cosines], flat.cosines[index], atol=6e-4)
        places = [int("".join(filter(str.isdigit, text))) for text in listed.locator(".ls-map-place").all_inner_texts()]
        far = listed.locator("button").evaluate_all("(all) => all.map((one) => 'far' in one.dataset)")
        assert far == [not near for near in marks["near"]]
        assert places == [order.index(other) + 1 for other in flat.neighbours[index]]


def test_lines_are_drawn_from_the_word_to_its_neighbours(screen: Screen, flat: Sample) -> None:
    """On the canvas above the points there is ink half way along each unbroken line, and in the far ones' colour."""
    screen.show(flat, look={"view": None, "word": flat.words[77], "colour": "none", "chosen": []})
    screen.rest()
    marks, places = screen.hook("marks"), screen.places()
    inked = 0
    for other, near in zip(marks["neighbours"], marks["near"], strict=True):
        if not near:
            continue
        shares = np.linspace(0.3, 0.7, 9)
        spots = places[77] + shares[:, None] * (places[other] - places[77])
        alphas = [screen.page.evaluate(DARKEST, [round(x), round(y)]) for x, y in spots]
        inked += sum(alpha > 40 for alpha in alphas) >= 7
    assert inked == sum(marks["near"]) > 0


def test_words_from_a_file_are_letters_and_nothing_else(screen: Screen) -> None:
    made = sample(60, words=[HOSTILE, "<b>bold</b>", "&lt;", "a\nb", "\u202eright", "日本語", "x" * 500])
    screen.show(made, actions={"again": HOSTILE}, title=HOSTILE)
    screen.get("ls-map-search").fill("<img")
    assert screen.get("ls-map-found").locator("li").all_inner_texts() == [HOSTILE]
    screen.press("Enter")
    screen.rest()
    assert screen.get("ls-map-word").inner_text() == HOSTILE
    places = screen.places()
    x, y = screen.corner()
    screen.page.mouse.move(x + places[0][0], y + places[0][1])
    assert screen.page.locator(".ls-tooltip > :first-child").inner_text() == HOSTILE
    screen.get("ls-map-table-button").click()
    screen.hook("map && document.querySelector('.ls-map-scroller').scrollTo(0, 0)")
    assert HOSTILE in screen.get("ls-map-table").inner_text()
    assert any(box["text"].startswith("<img") for box in boxes(screen))
    assert screen.page.locator(".ls-map img, .ls-map b").count() == 0
    assert not screen.ask("'hacked' in window")


def test_a_space_is_seen_whole_and_as_large_as_may_be(screen: Screen, deep: Sample) -> None:
    screen.show(deep)
    places = screen.places()
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    assert ((places > 0) & (places < [width, height])).all()
    assert max((places.max(axis=0) - places.min(axis=0)) / [width, height]) > 0.55
