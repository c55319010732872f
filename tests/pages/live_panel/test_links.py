"""The link to just what is seen, and a panel that is opened by one."""

import json
from urllib.parse import parse_qs, urlsplit

from tests.pages.live_panel.conftest import Screen, record
from tests.pages.live_panel.tiles import PANELS, open_tiles

LOSS = "document.querySelector('[data-testid=panel-loss] .ls-plot')"
CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: %s })"
KEPT = CLIPBOARD % "{ writeText: async (text) => { window.copied = text; } }"
FORBIDDEN = CLIPBOARD % "undefined"


def copied(screen: Screen) -> dict[str, str]:
    """Press the button and return what the link that it gives asks for."""
    screen.ask(f"void ({KEPT}, window.copied = '')")
    screen.get("ls-link").click()
    screen.until(lambda: screen.ask("window.copied") != "")
    return {name: values[0] for name, values in parse_qs(urlsplit(screen.ask("window.copied")).query).items()}


def test_a_link_names_the_step_only_while_one_looks_back(screen: Screen) -> None:
    record(screen.harness, 20)
    screen.open()
    screen.until_step(190)
    assert not {"step", "view"} & copied(screen).keys()
    assert screen.get("ls-link").inner_text() == "Copied"
    assert screen.page.get_by_role("status").filter(has_text="The link is copied.").count() == 1
    screen.get("ls-scrubber").fill("7")
    screen.until_step(70)
    assert copied(screen)["step"] == "70"
    screen.get("ls-live").click()
    screen.until_step(190)
    assert "step" not in copied(screen)


def test_a_link_holds_how_the_plots_are_set(screen: Screen) -> None:
    record(screen.harness, 20)
    screen.open()
    screen.get("log-loss").check()
    screen.get("smoothing-loss").fill("0.9")
    screen.get("panel-loss").get_by_role("button", name="val_loss").click()
    screen.get("smoothing-score").fill("0.5")
    assert copied(screen)["view"] == "loss.log.smooth90.hide1*score.smooth50"


def test_a_link_holds_what_is_chosen_of_tiles_and_a_panel_opens_with_it(screen: Screen) -> None:
    open_tiles(screen, 3)
    screen.get("scale-filters").select_option("net")
    screen.get("tiles-filters").select_option("C3")
    assert copied(screen)["view"] == "filters.of1.scalenet"
    screen.close()
    plots = {"filters": {"of": 1, "scale": "net"}, "maps": {"of": 99}}
    screen.open(look=json.dumps({"step": None, "plots": plots}))
    screen.ask(f"void harness.update({{ panels: {PANELS}, look: {{ step: null, plots: {json.dumps(plots)} }} }})")
    screen.get("tiles-filters").wait_for()
    assert screen.get("tiles-filters").evaluate("field => field.selectedOptions[0].textContent") == "C3"
    assert screen.get("scale-filters").input_value() == "net"
    assert screen.get("tiles-maps").evaluate("field => field.selectedIndex") == 0


def test_a_link_that_may_not_be_copied_is_shown(screen: Screen) -> None:
    screen.open()
    screen.ask(f"void {FORBIDDEN}")
    field = screen.get("ls-link-field")
    assert not field.is_visible()
    screen.get("ls-link").click()
    field.wait_for()
    assert field.input_value() == screen.ask("location.href.replace(/[?]$/, '')")
    assert screen.ask(
        "getSelection().toString() || document.activeElement.value.slice(document.activeElement.selectionStart)"
    )
    assert screen.ask("document.activeElement.dataset.testid") == "ls-link-field"
    screen.press("Escape")
    assert not field.is_visible()
    assert screen.ask("document.activeElement.dataset.testid") == "ls-link"


def test_a_panel_opens_at_the_step_and_with_the_view_of_its_link(screen: Screen) -> None:
    record(screen.harness, 20)
    plots = {"loss": {"log": True, "smooth": 0.9, "hidden": [1]}, "score": {"smooth": 0.5}}
    screen.open(look=json.dumps({"step": 70, "plots": plots}))
    assert screen.shown == 70, "the newest step is not to be seen first"
    assert screen.painted == 1
    assert screen.get("ls-step-label").text_content() == "Step 70 of 190"
    screen.until(lambda: screen.ask(f"{LOSS}._fullLayout?.yaxis.type") == "log")
    screen.until(lambda: screen.ask(f"{LOSS}.data[2]?.visible") is True)
    assert screen.ask(f"{LOSS}._fullData[1].visible") is False
    assert screen.get("log-loss").is_checked()
    assert screen.get("smoothing-loss").input_value() == "0.9"
    assert screen.get("panel-loss").get_by_role("button", name="val_loss").get_attribute("aria-pressed") == "false"
    told = {"step": "70", "view": "loss.log.smooth90.hide1*score.smooth50"}
    assert copied(screen).items() >= told.items(), "what the page was opened with stays"
    screen.get("ls-live").click()
    screen.until_step(190)
    # Another link to the same run, as one goes back in the browser.
    screen.ask("void harness.update({ look: { step: 30, plots: {} } })")
    screen.until_step(30)
    screen.ask("void harness.update({ run: 'two', look: { step: null, plots: {} } })")
    screen.until_step(0)
    assert "step" not in copied(screen)


def test_a_step_of_a_link_that_was_thinned_shows_the_one_before(screen: Screen) -> None:
    record(screen.harness, 20)
    screen.open(look=json.dumps({"step": 74, "plots": {}}))
    screen.until_step(70)
    assert copied(screen)["step"] == "70"
