"""A weight or a bias is set by hand in the box that tells about it: by pointer, by key, and not where it cannot be."""

import pytest

from tests.pages.live_panel.conftest import Screen, record
from tests.pages.live_panel.samples import UNITS, sample_frame
from tests.pages.live_panel.test_asking import asked, click_cell, until_told

WEIGHT = "weights.layers.0.weight"
BIAS = "weights.layers.0.bias"


def net(screen: Screen):
    screen.get("panel-network").scroll_into_view_if_needed()
    return screen.get("panel-network").locator("canvas")


def open_weight(screen: Screen) -> None:
    """Ask by key about the weight from the second input to the third unit."""
    canvas = net(screen)
    canvas.focus()
    for key in ["ArrowDown"] * (UNITS[0] + 3) + ["w", "w", "Enter"]:
        canvas.press(key)
    screen.until(lambda: asked(screen) and asked(screen)[-1]["array"] == WEIGHT)
    assert asked(screen)[-1]["index"] == [2, 1]


def sets(screen: Screen) -> list[str | None]:
    return [value for name, value in screen.harness.runs["one"].commands if name == "set"]


def hint(screen: Screen) -> str:
    return screen.get("ls-set-hint").inner_text()


def test_by_key_a_weight_is_reached_set_and_put_back(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    open_weight(screen)
    was = float(sample_frame(20)[WEIGHT][2, 1])
    until_told(screen, was)
    field = screen.get("ls-set")
    screen.until(lambda: field.evaluate("field => field === document.activeElement"))
    assert float(field.input_value()) == pytest.approx(was, abs=1e-5)
    assert hint(screen).startswith("From this step on")
    field.fill("0.5")
    field.press("Enter")
    until_told(screen, 0.5)
    assert sets(screen) == ["layers.0.weight[2, 1]=0.5"]
    assert asked(screen)[-1] == {"step": 20, "array": WEIGHT, "index": [2, 1]}, "the number is not told anew"
    assert screen.get("ls-changes").inner_text().startswith("1 change")
    assert screen.ask("document.querySelector('.ls-panel').learnscope.shownStep") == 20
    back = screen.page.get_by_role("button", name="Put back")
    assert back.inner_text() == f"Put back {was:.6g}".replace("-", "−")
    back.click()
    until_told(screen, was)
    assert [float(value.partition("=")[2]) for value in sets(screen)] == [0.5, was]  # type: ignore[union-attr]
    screen.until(lambda: back.is_hidden())
    field.press("Escape")
    assert screen.get("ls-explained").is_hidden()
    assert net(screen).evaluate("canvas => canvas === document.activeElement"), "the keys are nowhere"


def test_by_pointer_and_by_key_a_bias_is_set(screen: Screen) -> None:
    screen.open()
    canvas = net(screen)
    x, y = screen.ask(
        f"""(async () => {{
            const {{ planNet }} = await import("/live/assets/test/netplan.js");
            const {{ biasPlace }} = await import("/live/assets/test/netbias.js");
            const scroller = document.querySelector("[data-testid=panel-network] .ls-scroller");
            const plan = planNet({list(UNITS)}, scroller.clientWidth, scroller.clientHeight);
            const {{ x, y, side }} = biasPlace(plan, plan.layers[1][5]);
            return [x + side / 2, y + side / 2];
        }})()"""
    )
    canvas.click(position={"x": x, "y": y})
    until_told(screen, float(sample_frame(0)[BIAS][5]))
    assert asked(screen)[-1] == {"step": 0, "array": BIAS, "index": [5]}
    assert canvas.evaluate("canvas => document.activeElement.tagName") != "INPUT", "a pointer does not want the keys"
    screen.get("ls-set").fill("-1.5")
    screen.get("ls-set-button").click()
    until_told(screen, -1.5)
    assert sets(screen) == ["layers.0.bias[5]=-1.5"]
    canvas.focus()
    for key in ["ArrowDown"] * (UNITS[0] + 1) + ["b"]:
        canvas.press(key)
    screen.until(lambda: asked(screen)[-1]["index"] == [0] and asked(screen)[-1]["array"] == BIAS)


def test_what_is_no_number_of_the_net_has_no_field(screen: Screen) -> None:
    screen.open()
    click_cell(screen, 3, 4)
    until_told(screen, float(sample_frame(0)["boundary.value"][3, 4]))
    assert screen.get("ls-set").is_hidden()


def test_who_merely_watches_has_no_field(screen: Screen) -> None:
    screen.open(control="0")
    open_weight(screen)
    until_told(screen, float(sample_frame(0)[WEIGHT][2, 1]))
    assert screen.get("ls-set").is_hidden()
    assert screen.get("ls-set-hint").is_hidden()


def test_where_it_cannot_be_set_a_sentence_says_why(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    open_weight(screen)
    until_told(screen, float(sample_frame(20)[WEIGHT][2, 1]))
    field = screen.get("ls-set")
    for text in ("", "-"):
        field.press_sequentially(text)
        field.fill("") if not text else None
        field.press("Enter")
        assert hint(screen) == "Type a number, such as −0.5."
    field.fill("1001")
    field.press("Enter")
    screen.until(lambda: "1001" in hint(screen))
    assert "<img" in hint(screen)
    assert screen.ask("window.hacked ?? null") is None
    assert screen.get("ls-banner").is_hidden(), "it is said twice"
    assert screen.page.get_by_role("button", name="Put back").is_hidden()
    screen.ask("document.activeElement.blur()")
    screen.page.keyboard.press("Home")
    screen.until(lambda: "earlier step" in hint(screen))
    assert field.is_disabled()
    screen.page.keyboard.press("End")
    screen.until(lambda: hint(screen).startswith("From this step on"))
    screen.harness.end("stopped", "")
    screen.until(lambda: hint(screen).startswith("Continue the run"))
    screen.harness.end("finished", "")
    screen.until(lambda: "has ended" in hint(screen))
    screen.harness.end("paused", "")
    screen.ask("harness.update({ others: ['two'] })")
    screen.until(lambda: "compared" in hint(screen))


def test_what_was_changed_leads_to_its_step_and_is_gone_after_a_reset(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.harness.runs["one"].by_hand = [(10, "layers.0.bias[0]", "2")]
    screen.open()
    changes = screen.get("ls-changes")
    assert changes.is_visible()
    changes.locator("summary").click()
    assert "layers.0.bias[0]: 2, by hand" in changes.inner_text()
    changes.get_by_role("button", name="Step 10").click()
    screen.until_step(10)
    screen.get("ls-reset").click()
    screen.until(lambda: changes.is_hidden())


def test_a_frame_at_hand_is_not_shown_where_the_net_was_changed_since(screen: Screen) -> None:
    """Another watcher, who has looked at the step, sees the net as it is now when the run has gone on."""
    record(screen.harness, 3)
    screen.open(control="0")
    screen.page.keyboard.press("Home")
    screen.until_step(0)
    screen.page.keyboard.press("End")
    screen.until_step(20)
    screen.harness.call("put_in", "layers.0.weight[2, 1]", "7", shown=False)
    screen.harness.call("advance", 10)
    screen.until_step(30)
    screen.page.keyboard.press("ArrowLeft")
    screen.until_step(20)
    open_weight(screen)
    until_told(screen, 7.0)
    shown = "document.querySelector('[data-testid=panel-network] .ls-tooltip').textContent"
    net(screen).press("w")
    net(screen).press("Shift+w")
    screen.until(lambda: "layers.0.weight[2, 1] = 7" in screen.ask(shown))
