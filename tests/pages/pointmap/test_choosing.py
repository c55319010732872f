"""Words are found, flown to, selected and chosen: by pointer, by lasso, by box, by search, in the table."""

import math

import numpy as np
import pytest

from tests.lasso import inside, star
from tests.pages.pointmap.conftest import CANVAS, HOOKS, Screen
from tests.pages.pointmap.pointer import at, drag
from tests.pages.pointmap.samples import Sample, sample


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_lasso_chooses_exactly_the_words_within(screen: Screen, flat: Sample, deep: Sample, dimensions: int) -> None:
    made = flat if dimensions == 2 else deep
    key = screen.show(made)
    screen.get("ls-map-tool-lasso").click()
    places = screen.places()
    path = star((float(places[:, 0].mean()), float(places[:, 1].mean())), 220)
    drag(screen, path)
    expected = inside(places, path)
    assert 5 < len(expected) < made.count / 1.5
    assert set(screen.hook("chosen")) == expected
    assert screen.get("ls-map-count").inner_text() == f"{len(expected)} words chosen"
    names = screen.get("ls-map-chosen-words").locator("button").all_inner_texts()
    assert set(names) <= {made.words[index] for index in expected}
    assert len(names) == min(120, len(expected))
    (told,) = screen.told("select")
    assert told["map"] == key
    assert told["count"] == len(expected)
    assert set(told["rows"]) == {int(made.rows[index]) for index in expected}


def test_what_was_done_last_stands_above_beside_the_map(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    top = lambda name: screen.get(name).bounding_box()["y"]  # type: ignore[index]  # noqa: E731
    screen.page.mouse.click(*at(screen, 3))
    screen.until(lambda: screen.hook("selected") >= 0)
    screen.get("ls-map-tool-lasso").click()
    places = screen.places()
    drag(screen, star((float(places[:, 0].mean()), float(places[:, 1].mean())), 120))
    assert top("ls-map-chosen") < top("ls-map-card")
    screen.get("ls-map-chosen-words").locator("button").first.click()
    assert top("ls-map-card") < top("ls-map-chosen")


def test_a_second_lasso_chooses_anew_and_with_shift_adds(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-tool-lasso").click()
    places = screen.places()
    paths = [star((float(x), float(y)), 120) for x, y in np.quantile(places, [0.3, 0.7], axis=0)]
    one, other = (inside(places, path) for path in paths)
    assert one
    assert other
    drag(screen, paths[0])
    drag(screen, paths[1])
    assert set(screen.hook("chosen")) == other, "the map did not move meanwhile"
    screen.page.keyboard.down("Shift")
    drag(screen, paths[0])
    screen.page.keyboard.up("Shift")
    assert set(screen.hook("chosen")) == one | other
    screen.get("ls-map-clear").click()
    assert screen.hook("chosen") == []
    assert not screen.get("ls-map-chosen").is_visible()
    assert screen.told("select")[-1]["count"] == 0


def test_a_box_chooses_the_words_within(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-tool-box").click()
    places = screen.places()
    low, high = np.rint(np.quantile(places, [0.25, 0.6], axis=0))
    drag(screen, np.array([low, (low + high) / 2, high]))
    expected = set(np.flatnonzero(((places > low) & (places < high)).all(axis=1)).tolist())
    assert set(screen.hook("chosen")) == expected != set()


def test_the_points_that_are_not_chosen_step_back(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-key").get_by_role("button").first.click()
    sizes = np.bincount(flat.clusters)
    chosen = set(screen.hook("chosen"))
    assert chosen == set(np.flatnonzero(flat.clusters == sizes.argmax()).tolist())
    assert screen.hook("marks.faded && [...hooks.marks.faded]") == [int(i not in chosen) for i in range(flat.count)]


def test_a_lasso_is_given_up_with_escape_and_then_the_tool(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-tool-lasso").click()
    corner = screen.corner()
    mouse = screen.page.mouse
    mouse.move(corner[0] + 300, corner[1] + 200)
    mouse.down()
    for x in range(320, 700, 20):
        mouse.move(corner[0] + x, corner[1] + 200 + (x % 80) * 3)
    screen.get("ls-map-canvas").focus()
    screen.press("Escape")
    mouse.up()
    assert screen.hook("chosen") == []
    assert screen.get("ls-map-tool-lasso").get_attribute("aria-pressed") == "true"
    screen.press("Escape")
    assert screen.get("ls-map-tool-move").get_attribute("aria-pressed") == "true"


def test_what_one_points_at_is_named_with_all_that_is_known(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-colour").select_option("kept")
    places = screen.places()
    box = screen.page.locator(".ls-tooltip")
    random = np.random.default_rng(3)
    for index in random.choice(flat.count, 6, replace=False):
        x, y = at(screen, int(index))
        screen.page.mouse.move(x + 2, y - 1)
        spot = places[index] + [2, -1]
        nearest = int(np.linalg.norm(places - spot, axis=1).argmin())
        lines = box.locator("div").all_inner_texts()
        assert lines[0] == flat.words[nearest]
        assert lines[1:4] == [
            f"Seen: {flat.frequency[nearest]:,.0f} times",
            f"Rank: {flat.rows[nearest] + 1:,}",
            f"Neighbours kept: {math.floor(flat.kept[nearest] * 100 + 0.5)} %",
        ]
        assert lines[4] == f"Cluster: {flat.header()['cluster_labels'][flat.clusters[nearest]]}"
    empty = max(np.ndindex(60, 40), key=lambda cell: np.linalg.norm(places - np.array(cell) * 12 - 10, axis=1).min())
    corner = screen.corner()
    screen.page.mouse.move(corner[0] + empty[0] * 12 + 10, corner[1] + empty[1] * 12 + 10)
    assert not box.is_visible()


def test_a_click_selects_and_escape_leaves(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    before = screen.places()
    screen.page.mouse.click(*at(screen, 42))
    nearest = screen.hook("selected")
    assert np.linalg.norm(before[nearest] - before[42]) < 1
    assert screen.get("ls-map-word").inner_text() == flat.words[nearest]
    assert screen.get("ls-map-honest").inner_text() == (
        f"{round(float(flat.kept[nearest]) * 15)} of its 15 nearest words are among the 15 nearest here."
    )
    screen.get("ls-map-canvas").focus()
    screen.press("Escape")
    assert screen.hook("selected") == -1
    assert not screen.get("ls-map-card").is_visible()


def test_a_click_beside_all_words_selects_none(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.page.mouse.click(*at(screen, 42))
    corner = screen.corner()
    screen.page.mouse.click(corner[0] + 5, corner[1] + 5)
    assert screen.hook("selected") == -1


def test_the_search_suggests_finds_and_flies(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    wanted = 123
    word = flat.words[wanted]
    search = screen.get("ls-map-search")
    search.fill(word[:3].upper())
    offered = screen.get("ls-map-found").locator("li").all_inner_texts()
    begin = [w for w in flat.words if w.startswith(word[:3])]
    inside_ = [w for w in flat.words if word[:3] in w and not w.startswith(word[:3])]
    assert offered == (begin + inside_)[:8], "those that begin so first, the most frequent first"
    assert search.get_attribute("aria-expanded") == "true"
    search.fill(word)
    assert screen.get("ls-map-found").locator("li").first.inner_text() == word
    before = screen.hook("stage.camera.stance.zoom")
    screen.press("Enter")
    screen.rest()
    assert screen.hook("selected") == wanted
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    np.testing.assert_allclose(screen.places()[wanted], [width / 2, height / 2], atol=1)
    assert screen.hook("stage.camera.stance.zoom") > before
    assert not screen.get("ls-map-found").is_visible()


def test_the_very_word_comes_first_then_what_is_most_frequent(screen: Screen) -> None:
    made = sample(60, words=["kings", "akin", "kingdom", "King", "king", "thinking"])
    screen.show(made)
    screen.get("ls-map-search").fill("king")
    offered = screen.get("ls-map-found").locator("li").all_inner_texts()
    assert offered == ["king", "King", "kings", "kingdom", "thinking"]


def test_suggestions_are_gone_through_by_key_and_taken_by_pointer(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    search = screen.get("ls-map-search")
    search.fill("ka")
    options = screen.get("ls-map-found").locator("li")
    assert options.nth(0).get_attribute("aria-selected") == "true"
    screen.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert search.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    word = options.nth(1).inner_text()
    screen.press("Enter")
    assert screen.get("ls-map-word").inner_text() == word
    search.fill("lo")
    word = options.nth(2).inner_text()
    options.nth(2).click()
    assert screen.get("ls-map-word").inner_text() == word
    search.fill("zzz")
    assert screen.get("ls-map-none").inner_text() == "None of the 300 words of this map has that in it."
    screen.press("Escape")
    assert search.input_value() == ""
    screen.press("Escape")
    assert screen.ask(f"document.activeElement === {CANVAS}")


def test_a_neighbour_in_the_list_leads_to_it(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.page.mouse.click(*at(screen, 42))
    index = screen.hook("selected")
    screen.get("ls-map-neighbours").locator("button").nth(3).click()
    screen.rest()
    assert screen.hook("selected") == int(flat.neighbours[index][3])


def test_the_table_has_all_words_and_makes_few_rows(screen: Screen) -> None:
    made = sample(3000, seed=8)
    screen.show(made)
    screen.get("ls-map-table-button").click()
    table = screen.get("ls-map-table")
    assert table.get_attribute("aria-rowcount") == "3001"
    rows = table.locator(".ls-map-rows > .ls-map-row")
    assert 10 < rows.count() < 60
    heads = table.locator("[role=columnheader]").all_inner_texts()
    assert heads[1:] == ["word", "rank", "frequency", "neighbours kept", "cluster", "x", "y"]
    assert rows.first.locator("[role=rowheader]").inner_text() == made.words[int(made.frequency.argmax())]
    screen.page.get_by_role("button", name="neighbours kept").click()
    lowest = rows.first.locator("[role=cell]").nth(3).inner_text()
    assert lowest == f"{math.floor(made.kept.min() * 100 + 0.5)} %"
    screen.page.get_by_role("button", name="neighbours kept").click()
    assert table.locator("[role=columnheader]").nth(4).get_attribute("aria-sort") == "descending"
    highest = rows.first.locator("[role=cell]").nth(3).inner_text()
    assert highest == f"{math.floor(made.kept.max() * 100 + 0.5)} %"
    screen.page.get_by_role("button", name="word", exact=True).click()
    assert rows.first.locator("[role=rowheader]").inner_text() == min(made.words)
    table.evaluate("(element) => element.scrollTo(0, element.scrollHeight)")
    screen.until(lambda: rows.last.get_attribute("aria-rowindex") == "3001")
    assert rows.last.locator("[role=rowheader]").inner_text() == max(made.words)
    assert rows.count() < 60


def test_the_table_chooses_words_and_leads_to_them(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-table-button").click()
    table = screen.get("ls-map-table")
    order = np.argsort(-flat.frequency, kind="stable")
    for place in (0, 2, 5):
        table.get_by_label(f"Choose {flat.words[order[place]]}", exact=True).check()
    assert screen.hook("chosen") == [int(order[place]) for place in (0, 2, 5)]
    table.get_by_label(f"Choose {flat.words[order[2]]}", exact=True).uncheck()
    assert screen.hook("chosen") == [int(order[place]) for place in (0, 5)]
    table.get_by_role("button", name=flat.words[order[4]], exact=True).click()
    screen.rest()
    assert screen.hook("selected") == int(order[4])
    assert not table.is_visible(), "one is led to it on the map"


def test_the_page_offers_what_can_be_done_with_chosen_words(screen: Screen, flat: Sample) -> None:
    key = screen.show(flat, actions={"map": "Map these", "compare": "Compare"})
    assert not screen.get("ls-map-act-map").is_visible()
    screen.ask(f"{HOOKS}.stage.over.focus()")
    screen.press("ArrowDown")
    screen.press(" ")
    index = screen.hook("marks.cursor")
    screen.get("ls-map-act-map").click()
    assert screen.told("act") == [{"map": key, "count": 1, "rows": [int(flat.rows[index])], "action": "map"}]
