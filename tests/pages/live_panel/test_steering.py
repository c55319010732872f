"""What a person asks of a run, and what the page is told of it."""

from tests.pages.live_panel.conftest import Screen, record


def test_the_learning_rate_is_sent_within_its_bounds(screen: Screen) -> None:
    screen.open()
    assert screen.get("ls-rate").input_value() == "0.03"
    for typed in ("0.5", "5000"):
        screen.get("ls-rate").fill(typed)
        screen.press("Enter")
    screen.until(lambda: len(screen.harness.runs["one"].commands) == 2)
    assert screen.harness.runs["one"].commands == [("set", "learning_rate=0.5"), ("set", "learning_rate=10")]
    assert screen.get("ls-rate").input_value() == "10"


def test_what_is_no_learning_rate_is_taken_back(screen: Screen) -> None:
    screen.open()
    for typed in ("", "-1", "0", "-0.5e-3"):
        screen.get("ls-rate").fill(typed)
        screen.press("Enter")
        assert screen.get("ls-rate").input_value() == "0.03", typed
    screen.get("ls-step").click()
    screen.until_step(1)
    assert screen.harness.runs["one"].commands == [("step", None)]


def test_a_learning_rate_that_cannot_be_is_told(screen: Screen) -> None:
    screen.open()
    alert = screen.page.get_by_role("alert").filter(has_text="The learning rate goes from 1e-4 to 10.")
    with screen.time_stands_still() as wait:
        for typed, kept in (("-1", "0.03"), ("", "0.03"), ("1e9", "10"), ("0.00001", "0.0001")):
            screen.get("ls-rate").fill(typed)
            screen.press("Enter")
            assert alert.is_visible(), typed
            assert screen.get("ls-rate").input_value() == kept
            wait(6_100)
            assert not alert.is_visible()
        for typed in ("0.5", "10", "0.0001"):
            screen.get("ls-rate").fill(typed)
            screen.press("Enter")
            assert not alert.is_visible(), typed
        screen.get("ls-rate").fill("-1")
        screen.press("Enter")
        assert alert.is_visible()
        screen.harness.end("crashed", "The worker was killed.")
        screen.page.get_by_role("alert").filter(has_text="killed").wait_for()  # and not when that has gone


def test_the_page_is_told_of_another_learning_rate(screen: Screen) -> None:
    screen.open()
    screen.ask(
        """["0.5", "0.6", "0.7"].forEach((typed) => {
            const field = document.querySelector("[data-testid=ls-rate]");
            field.value = typed;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        })"""
    )
    last = ["set", {"run": "one", "settings": {"learning_rate": "0.7"}}]
    screen.until(lambda: screen.ask("harness.told.at(-1)") == last)
    assert screen.ask("harness.told.length") == 2, "the page is not to run its script for every position"
    # A rate that comes while the field has the focus is shown when it leaves.
    screen.get("ls-rate").focus()
    screen.harness.tell_rate(0.2)
    screen.get("ls-step").click()
    screen.until(lambda: screen.get("ls-rate").input_value() == "0.2")


def test_a_run_that_is_over_can_be_had_again(screen: Screen) -> None:
    screen.open()
    for state in ("stopped", "finished", "crashed", "failed", "interrupted"):
        screen.harness.end("paused", "")
        screen.until(lambda: screen.get("ls-reset").inner_text() == "Reset")
        screen.harness.end(state, "It is over.")
        screen.until(lambda: screen.get("ls-reset").inner_text() == "Again")
    screen.get("ls-reset").click()
    assert screen.ask("harness.told[0]") == ["again", {"run": "one"}]
    assert screen.harness.runs["one"].commands == []
    screen.ask("void harness.update({ run: 'two' })")
    screen.until(lambda: screen.get("ls-reset").inner_text() == "Reset")
    screen.get("ls-reset").click()
    screen.until(lambda: screen.harness.runs["two"].commands == [("reset", None)])


def test_another_run_is_asked_for_until_there_is_one(screen: Screen) -> None:
    screen.open()
    screen.harness.end("stopped", "It is over.")
    screen.until(lambda: screen.get("ls-reset").inner_text() == "Again")
    with screen.time_stands_still() as wait:
        screen.get("ls-reset").click()
        wait(4_100)
        assert screen.ask("harness.told") == 3 * [["again", {"run": "one"}]]
        screen.ask("void harness.update({ run: 'two' })")
        wait(10_000)
        assert screen.ask("harness.told.length") == 3


def test_while_another_run_is_asked_for_one_sees_so_and_cannot_ask_twice(screen: Screen) -> None:
    screen.open()
    screen.harness.end("stopped", "It is over.")
    again = screen.get("ls-reset")
    screen.until(lambda: again.inner_text() == "Again")
    with screen.time_stands_still() as wait:
        again.click()
        assert again.inner_text() == "Opening…"
        assert again.is_disabled()
        wait(15_900)
        assert screen.ask("harness.told.length") == 8
        assert again.is_disabled(), "the last time of asking may still be heard"
        wait(200)
        assert again.inner_text() == "Again"
        again.click()
        assert again.inner_text() == "Opening…"
        screen.ask("void harness.update({ run: 'two' })")
        screen.until(lambda: again.inner_text() == "Reset")
        assert again.is_enabled()


def test_only_a_run_that_trains_and_is_followed_is_called_live(screen: Screen) -> None:
    record(screen.harness, 20)
    screen.open()
    dot = "getComputedStyle(document.querySelector('[data-testid=ls-live]'), '::before').backgroundColor"
    screen.until(lambda: screen.state == "paused")
    grey, green = screen.ask(dot), "rgb(0, 158, 115)"
    assert grey != green
    screen.get("ls-train").click()
    screen.until(lambda: screen.ask(dot) == green)
    screen.get("ls-scrubber").fill("3")
    screen.until(lambda: screen.ask(dot) == grey)
    screen.get("ls-live").click()
    screen.until(lambda: screen.ask(dot) == green)
    screen.get("ls-stop").click()
    screen.until(lambda: screen.ask(dot) == grey)


def test_the_rate_of_a_run_that_is_over_is_shown(screen: Screen) -> None:
    screen.harness.tell_rate(None)
    screen.open()
    screen.ask("void harness.update({ rate: 0.7 })")
    assert screen.get("ls-rate").input_value() == "0.7"


def test_who_watches_has_no_buttons(screen: Screen) -> None:
    screen.open(control="0")
    assert not screen.get("ls-train").is_visible()
    assert not screen.get("ls-rate").is_visible()
    assert screen.page.get_by_text("You are watching").is_visible()
    screen.press(" ")
    assert screen.harness.runs["one"].commands == []


def test_who_watches_a_run_that_is_gone_is_told_what_to_do(screen: Screen) -> None:
    screen.open(control="0")
    screen.ask("void harness.update({ run: 'nowhere' })")
    screen.page.get_by_role("alert").filter(has_text="reload the page").wait_for()
    assert screen.ask("harness.told") == []


def test_one_steers_while_one_looks_at_the_lowest_panel(screen: Screen) -> None:
    record(screen.harness, 30)
    screen.page.set_viewport_size({"width": 1024, "height": 700})
    screen.open()
    screen.ask("window.scrollTo(0, document.documentElement.scrollHeight)")
    top = "document.querySelector('.ls-top').getBoundingClientRect()"
    screen.until(lambda: screen.ask("window.scrollY") > 500)
    assert 0 <= screen.ask(f"{top}.top") < screen.ask(f"{top}.bottom") < 200
    screen.get("ls-step").click()
    screen.until_step(291)
    screen.harness.end("crashed", "The worker was killed.")
    alert = screen.page.get_by_role("alert").filter(has_text="killed")
    alert.wait_for()
    assert 0 < alert.bounding_box()["y"] < 250  # type: ignore[index]
