"""A tile at which a lab looks: it is marked, and who clicks on another, or leads the keys into it, chooses that."""

import json

import pytest
from playwright.sync_api import expect

from engine.figures.panel import PairPanel, TilesPanel
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.samples import tiles_at
from tests.pages.live_panel.test_asking import until_told
from tests.pages.live_panel.test_tables import show
from tests.pages.live_panel.test_taking import table
from tests.pages.live_panel.tiles import C1, C3, canvas_of, drawn, middle_of, open_tiles, painted, told

SHAPE = (8, 6, 5, 5)
PANEL = TilesPanel(
    "heads", "Heads", 6, 420, "Help.", "Heads.", (C3, C1), ("own", "other"), signed=True,
    axes=("block", "head", "from place", "to place"), sets=("block", "head"),
    along=({"part": "own"}, {"part": "other"}), chosen="chosen",
)  # fmt: skip
FREE = ["block", "head", "part", "learning_rate"]


def chosen_tile(screen: Screen) -> int | None:
    """Return the tile around which there is a frame of ink: all of a box two pixels outside of it is of one colour."""
    boxes = drawn(screen, "heads", SHAPE)["boxes"]
    inked = screen.ask(
        f"""(() => {{
            const canvas = {canvas_of("heads")}, scale = canvas.width / canvas.clientWidth;
            const context = canvas.getContext("2d");
            const dark = (x, y) => {{
                const at = [x, y].map((place) => Math.round(place * scale));
                const [red, green, blue, alpha] = context.getImageData(...at, 1, 1).data;
                return alpha > 200 && red + green + blue < 200;
            }};
            return {json.dumps(boxes)}.map(([x, y, wide, high]) => [0.2, 0.5, 0.8].every((share) =>
                dark(x - 2, y + share * high) && dark(x + wide + 1, y + share * high)
                && dark(x + share * wide, y - 2) && dark(x + share * wide, y + high + 1)));
        }})()"""
    )
    found = [tile for tile, is_inked in enumerate(inked) if is_inked]
    assert len(found) <= 1
    return found[0] if found else None


def opened(screen: Screen, *free: str, **others: object) -> Screen:
    """Show the panel, of a run that looks at the tile of unit 1, channel 2."""
    screen.harness.runs["one"].words["chosen"] = "features.c3.weight 1 2"
    open_tiles(screen, 2, panels=json.dumps([PANEL.to_json()]))
    screen.ask(f"void harness.update({json.dumps({'chosen': list(free), **others})})")
    painted(screen, "heads")
    return screen


def click(screen: Screen, tile: int, row: int = 0, column: int = 0) -> None:
    at = middle_of(screen, "heads", SHAPE, tile, row, column)
    screen.get("panel-heads").locator("canvas").click(position={"x": at["x"], "y": at["y"]})


def commands(screen: Screen) -> list[str | None]:
    return [value for name, value in screen.harness.runs["one"].commands if name == "set"]


def test_the_tile_chosen_is_marked_and_a_click_chooses_another(screen: Screen) -> None:
    opened(screen, *FREE)
    screen.until(lambda: chosen_tile(screen) == 8)
    click(screen, 27, 3, 1)
    until_told(screen, float(tiles_at(10)[C3][4, 3, 3, 1]))  # the number is told as everywhere
    screen.until(lambda: len(commands(screen)) == 3)
    assert sorted(map(str, commands(screen))) == ["block=4", "head=3", "part=own"]
    settings = {"part": "own", "block": "4", "head": "3"}
    screen.until(lambda: screen.ask("harness.told") == [["set", {"run": "one", "settings": settings}]])
    screen.press("Escape")
    screen.harness.runs["one"].words["chosen"] = "features.c3.weight 4 3"
    screen.harness.call("advance", 10)
    screen.get("panel-heads").locator("canvas").hover(position={"x": 1, "y": 1})
    screen.until(lambda: chosen_tile(screen) == 27)
    click(screen, 27, 0, 0)
    until_told(screen, float(tiles_at(20)[C3][4, 3, 0, 0]))
    assert len(commands(screen)) == 3, "it is chosen already"


def test_a_tile_of_another_array_is_chosen_with_that(screen: Screen) -> None:
    opened(screen, *FREE)
    screen.get("tiles-heads").select_option(C1)
    screen.until(lambda: screen.get("panel-heads").locator(".ls-shape").inner_text() == "6 × 1 × 5 × 5")
    canvas = screen.get("panel-heads").locator("canvas")
    canvas.focus()
    for key in (*["ArrowDown"] * 3, "Enter"):
        screen.press(key)
    screen.until(lambda: sorted(map(str, commands(screen))) == ["block=2", "head=0", "part=other"])


def test_keys_choose_the_tile_that_they_lead_into_and_say_which_one_is_chosen(screen: Screen) -> None:
    opened(screen, *FREE)
    canvas, voice = screen.get("panel-heads").locator("canvas"), screen.get("panel-heads").get_by_role("status").first
    canvas.focus()
    for _ in range(9):
        screen.press("ArrowDown")
    assert (voice.text_content() or "").startswith("block 1, head 2, chosen.")
    screen.press("ArrowDown")
    assert (voice.text_content() or "").startswith("block 1, head 3.")
    assert not commands(screen), "who walks over tiles looks at them alone"
    screen.press("Enter")
    screen.until(lambda: sorted(map(str, commands(screen))) == ["block=1", "head=3", "part=own"])
    screen.press("ArrowRight")
    assert "block 1, head 3, from place 0, to place 1" in (voice.text_content() or "")
    assert told(screen, "heads")[1] == "block 1, head 3, from place 0, to place 1"


@pytest.mark.parametrize("why", ["fixed", "watched", "past", "over", "compared"])
def test_who_may_not_choose_is_told_the_number_and_changes_nothing(screen: Screen, why: str) -> None:
    opened(screen, *([] if why == "fixed" else FREE), control=why != "watched")
    if why == "past":
        screen.get("panel-heads").locator("canvas").focus()
        screen.press("ArrowLeft")
        screen.until_step(0)
    if why == "over":
        screen.harness.end("finished", "It is over.")
        screen.until(lambda: screen.state == "finished")
    if why == "compared":
        pair = PairPanel("heads", "Heads", 12, 420, "Help.", "Heads.", PANEL)
        screen.ask(f"void harness.update({json.dumps({'others': ['two'], 'panels': [pair.to_json()]})})")
        screen.until(lambda: screen.get("panel-heads").locator("canvas").count() == 2)
        screen.get("panel-heads").locator("canvas").first.focus()
        for key in ("ArrowDown", "Enter", "Enter"):
            screen.press(key)
        until_told(screen, float(tiles_at(10)[C3][0, 0, 0, 0]))
    else:
        click(screen, 27, 3, 1)
        until_told(screen, float(tiles_at(0 if why == "past" else 10)[C3][4, 3, 3, 1]))
    assert not commands(screen)
    assert screen.ask("harness.told.filter(([event]) => event === 'set')") == []


def test_axes_are_called_by_their_names_in_what_is_read_and_taken(screen: Screen) -> None:
    opened(screen, *FREE)
    assert show(screen, "heads", 10)[0]["head"][0][1] == "from place ↓ to place →"
    columns, rows = table(screen, "heads")
    assert columns == ["array", "block", "head", "from place", "to place", "value"]
    assert rows[30][:5] == ["features.c3.weight", "0", "1", "1", "0"]


def test_what_is_set_soon_after_something_else_is_told_together_with_it(screen: Screen) -> None:
    opened(screen, *FREE)
    canvas = screen.get("panel-heads").locator("canvas")
    with screen.time_stands_still() as wait:
        for rate in ("0.5", "0.6"):  # the first is told at once
            screen.get("ls-rate").fill(rate)
            screen.press("Enter")
        canvas.focus()
        for key in ("ArrowDown", "Enter"):
            screen.press(key)
        wait(400)
        screen.until(lambda: screen.ask("harness.told.length") == 2)
    told_of = {"learning_rate": "0.6", "part": "own", "block": "0", "head": "0"}
    assert screen.ask("harness.told.at(-1)") == ["set", {"run": "one", "settings": told_of}]


def test_the_array_looked_at_is_shown_until_a_person_chooses_another(screen: Screen) -> None:
    words = screen.harness.runs["one"].words
    words["chosen"] = "features.c1.weight 1 0"
    open_tiles(screen, 2, panels=json.dumps([PANEL.to_json()]))
    painted(screen, "heads")
    choice = screen.get("tiles-heads")
    expect(choice).to_have_value(C1)
    choice.select_option(C3)
    screen.harness.call("advance", 10)
    screen.until_step(20)
    expect(screen.get("panel-heads").locator(".ls-shape")).to_have_text("8 × 6 × 5 × 5")
    expect(choice).to_have_value(C3)
    for step, looked_at in ((30, C3), (40, C1)):
        words["chosen"] = f"{looked_at.removeprefix('filters.')} 0 0"
        screen.harness.call("advance", 10)
        screen.until_step(step)  # what comes faster than it is painted is left out
        expect(choice).to_have_value(looked_at)
