"""Keys: they steer the panel, and leave alone whatever has a use of its own for them."""

from tests.pages.live_panel.conftest import Screen, record


def test_keys_scrub_and_train(screen: Screen) -> None:
    record(screen.harness, 40)
    screen.open()
    screen.until_step(390)
    for key, step in (("ArrowLeft", 380), ("Shift+ArrowLeft", 280), ("ArrowRight", 290), ("Home", 0), ("End", 390)):
        screen.press(key)
        screen.until_step(step)
    screen.press(" ")
    screen.until(lambda: screen.get("ls-state").get_attribute("data-state") == "running")
    screen.press(" ")
    screen.until(lambda: screen.get("ls-state").get_attribute("data-state") == "paused")


def test_keys_belong_to_a_field_that_has_the_focus(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.open()
    screen.get("ls-rate").focus()
    for key in (" ", "ArrowLeft", "Home"):
        screen.press(key)
    screen.get("ls-step").click()
    screen.until_step(41)
    assert screen.harness.runs["one"].commands == [("step", None)]


def test_keys_work_wherever_nothing_else_uses_them(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.page.set_viewport_size({"width": 1024, "height": 500})
    screen.open()
    screen.until_step(40)
    # A click on an empty part of Streamlit's page gives the focus to its main part.
    screen.ask("[(place.tabIndex = 0), place.focus({ preventScroll: true })].length")
    screen.press("ArrowLeft")
    screen.until_step(30)
    screen.press(" ")
    screen.until(lambda: screen.state == "running")
    assert screen.ask("window.scrollY") == 0


def test_keys_belong_to_whatever_uses_them(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.open()
    screen.until_step(40)
    for markup in (
        "<textarea></textarea>",
        "<a href='#'>there</a>",
        "<div tabindex='0' role='slider'></div>",
        "<div role='listbox'><div tabindex='0' role='option'></div></div>",
        "<button role='tab'>one</button>",
        "<div contenteditable></div>",
        "<div tabindex='0' role='region'><table><tr><td>a wide table</td></tr></table></div>",
    ):
        screen.page.evaluate(
            """(markup) => {
                document.body.insertAdjacentHTML("beforeend", markup);
                const added = document.body.lastElementChild;
                (added.querySelector("[tabindex]") ?? added).focus();
            }""",
            markup,
        )
        for key in (" ", "ArrowLeft", "Home"):
            screen.press(key)
        assert screen.state == "paused", markup
    screen.get("ls-step").click()
    screen.until_step(41)
    assert screen.harness.runs["one"].commands == [("step", None)]
