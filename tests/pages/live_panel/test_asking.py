"""Any number that is drawn can be asked about: which one is meant follows from where one clicks."""

from contextlib import suppress

import pytest

from tests.pages.live_panel.conftest import BOUNDARY, Screen, record
from tests.pages.live_panel.samples import GRID, MAP, UNITS, boundary_at, sample_frame, scalars_at

WHAT = "document.querySelector('.ls-explained-what').textContent"


def asked(screen: Screen) -> list[dict]:
    return screen.harness.runs["one"].asked


def click_cell(screen: Screen, row: int, column: int) -> None:
    """Click in the middle of a cell of the boundary."""
    x, y = screen.ask(
        f"""(() => {{
            const plot = {BOUNDARY}, {{ left, top }} = plot.getBoundingClientRect();
            const {{ xaxis, yaxis }} = plot._fullLayout;
            const {{ x, y }} = plot.data[0];
            return [left + xaxis._offset + xaxis.l2p(x[{column}]), top + yaxis._offset + yaxis.l2p(y[{row}])];
        }})()"""
    )
    click_plot(screen, x, y)


def click_plot(screen: Screen, x: float, y: float) -> None:
    """Click on a place of a plot until it is asked about: Plotly hears of clicks a moment after its first picture."""
    before = len(asked(screen))
    for _ in range(20):
        screen.page.mouse.move(x - 3, y)
        screen.page.mouse.move(x, y)
        screen.page.mouse.click(x, y)
        with suppress(AssertionError):
            screen.until(lambda: len(asked(screen)) > before, patience=2)
            return
    raise AssertionError(f"nobody was asked about what lies at {x}, {y}")


def until_told(screen: Screen, value: float) -> None:
    screen.until(lambda: screen.page.locator(".ls-explained-value").get_attribute("title") == repr(value))


def side_of(screen: Screen, selector: str) -> str:
    """Return at which side of the window the middle of an element lies."""
    box = f"document.querySelector('{selector}').getBoundingClientRect()"
    left, right, width = screen.ask(f"(({{ left, right }}) => [left, right, innerWidth])({box})")
    return "left" if left + right < width else "right"


def units_in(screen: Screen) -> tuple[list, float]:
    """Return where the units of the network are drawn, layer by layer, and how large they are."""
    return screen.ask(
        f"""(async () => {{
            const {{ planNet }} = await import("/live/assets/test/netplan.js");
            const scroller = document.querySelector("[data-testid=panel-network] .ls-scroller");
            const plan = planNet({list(UNITS)}, scroller.clientWidth, scroller.clientHeight);
            return [plan.layers.map((nodes) => nodes.map(({{ x, y }}) => [x, y])), plan.size];
        }})()"""
    )


def test_the_box_lies_beside_a_side_bar_and_not_under_it(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    screen.ask("void (document.body.style.marginLeft = '300px')")
    screen.get("panel-network").scroll_into_view_if_needed()
    place, size = units_in(screen)
    x, y = place[1][2]
    screen.get("panel-network").locator("canvas").click(position={"x": x + size / 2, "y": y + size / 2})
    box = screen.get("ls-explained")
    screen.until(lambda: box.is_visible())
    place = box.bounding_box()
    assert place
    assert place["x"] >= 300
    assert place["x"] + place["width"] <= screen.ask("innerWidth")


def test_a_click_on_the_boundary_asks_about_the_cell_there(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    for row, column in ((0, 0), (7, 31), (GRID - 2, 20)):
        click_cell(screen, row, column)
        until_told(screen, float(boundary_at(20)[row, column]))
        assert asked(screen)[-1] == {"step": 20, "array": "boundary.value", "index": [row, column]}
    box = screen.get("ls-explained")
    assert (side_of(screen, "[data-testid=panel-boundary]"), side_of(screen, ".ls-explained")) == ("left", "right")
    assert "The number boundary.value, at step 20" in box.inner_text()
    assert "boundary.value[48, 20]" in box.inner_text()
    box.get_by_role("button", name="Close").click()
    assert box.is_hidden()


def test_escape_closes_what_a_click_has_opened(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    click_cell(screen, 3, 4)
    until_told(screen, float(boundary_at(20)[3, 4]))
    screen.page.keyboard.press("Escape")
    assert screen.get("ls-explained").is_hidden(), "a click leaves the focus outside the box, and the box stays"


def test_the_number_follows_the_step_shown(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.open()
    click_cell(screen, 3, 4)
    until_told(screen, float(boundary_at(40)[3, 4]))
    screen.page.keyboard.press("Home")
    until_told(screen, float(boundary_at(0)[3, 4]))
    assert screen.get("ls-explained").get_by_role("heading").inner_text().endswith("at step 0")


def test_a_neuron_a_weight_and_a_gradient_are_asked_about_by_their_names(screen: Screen) -> None:
    screen.open()
    numbers = sample_frame(0)
    screen.get("panel-network").scroll_into_view_if_needed()
    place, size = units_in(screen)
    canvas = screen.get("panel-network").locator("canvas")
    x, y = place[1][2]  # the third unit of the first layer: its lowest row, its last column
    canvas.click(position={"x": x + size - 0.5, "y": y + size - 0.5})
    until_told(screen, float(numbers["neurons.maps"][UNITS[0] + 2, 0, MAP - 1]))
    assert (side_of(screen, "[data-testid=panel-network]"), side_of(screen, ".ls-explained")) == ("right", "left")
    x, y = place[0][0]
    canvas.click(position={"x": x + size + 3, "y": y + size / 2})  # all edges of the first input begin here
    screen.until(lambda: asked(screen)[-1]["array"] == "weights.layers.0.weight")
    row, column = asked(screen)[-1]["index"]
    assert column == 0
    until_told(screen, float(numbers["weights.layers.0.weight"][row, column]))
    canvas.press("ArrowDown")
    canvas.press("Enter")
    screen.until(
        lambda: asked(screen)[-1] == {"step": 0, "array": "neurons.maps", "index": [0, MAP // 2 - 1, MAP // 2]}
    )

    screen.press("Escape")  # the box lies over the next panel
    screen.get("panel-map").scroll_into_view_if_needed()
    painted = "(({ width, parentElement: place }) => width >= place.clientWidth)"
    screen.until(lambda: screen.ask(f"{painted}(document.querySelector('[data-testid=panel-map] canvas'))"))
    field = screen.get("panel-map").locator("canvas")
    screen.until(lambda: field.get_attribute("style"))  # it is painted, and has its size, only once it is in sight
    box = field.bounding_box()
    assert box is not None
    wide = min(32, box["width"] / UNITS[0])
    left, top = (box["width"] - wide * UNITS[0]) / 2, (box["height"] - min(32, box["height"] / UNITS[1]) * UNITS[1]) / 2
    tall = min(32, box["height"] / UNITS[1])
    field.click(position={"x": left + 2.5 * wide, "y": top + 5.5 * tall})
    until_told(screen, float(numbers["gradient_map.layers.0.weight"][5, 2]))
    assert asked(screen)[-1] == {"step": 0, "array": "gradient_map.layers.0.weight", "index": [5, 2]}


@pytest.mark.parametrize(
    ("panel", "trace", "name", "column"), [("loss", 1, "val_loss", 1), ("update", 0, "update.layers.2", 7 + 4 + 2)]
)
def test_a_point_of_a_curve_is_asked_about_at_its_own_step(
    screen: Screen, panel: str, trace: int, name: str, column: int
) -> None:
    record(screen.harness, 30)
    screen.open()
    screen.get(f"panel-{panel}").scroll_into_view_if_needed()
    plot = f"document.querySelector('[data-testid=panel-{panel}] .ls-plot')"
    screen.until(lambda: screen.ask(f"{plot}.data?.[{trace}].x?.length ?? 0") == 30)
    y = "'layers.2'" if panel == "update" else f"{plot}.data[{trace}].y[12]"
    x, y = screen.ask(
        f"""(() => {{
            const {{ xaxis, yaxis }} = {plot}._fullLayout, {{ left, top }} = {plot}.getBoundingClientRect();
            return [left + xaxis._offset + xaxis.d2p({plot}.data[{trace}].x[12]), top + yaxis._offset + yaxis.d2p({y})];
        }})()"""
    )
    click_plot(screen, x, y)
    until_told(screen, float(scalars_at(120)[column]))
    assert asked(screen)[-1] == {"step": 120, "array": f"scalars.{name}", "index": []}
    screen.page.keyboard.press("Home")
    screen.until_step(0)
    assert asked(screen)[-1]["step"] == 120, "a point of a curve belongs to its step"


def test_what_the_server_says_is_text_and_a_refusal_takes_the_place_of_a_number(screen: Screen) -> None:
    screen.open()
    click_cell(screen, 3, 4)
    until_told(screen, float(boundary_at(0)[3, 4]))
    assert "<img src=x" in screen.get("ls-explained").inner_text()
    assert screen.ask("window.hacked ?? null") is None
    screen.ask("document.querySelector('.ls-explained-close').click()")
    assert screen.get("ls-explained").is_hidden()


def test_while_it_trains_it_is_asked_again_but_seldom(screen: Screen) -> None:
    screen.open()
    click_cell(screen, 3, 4)
    until_told(screen, float(boundary_at(0)[3, 4]))
    with screen.time_stands_still() as wait:
        before = len(asked(screen))
        for step in range(5, 80, 5):
            screen.harness.call("advance", 5)
            screen.until(lambda step=step: screen.last == step)
            wait(100)
            assert screen.shown == step
    screen.until(lambda: len(asked(screen)) > before)
    assert len(asked(screen)) - before <= 4, "in one and a half seconds"
