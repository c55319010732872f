"""Who controls the run: what one sees of it, what one can ask for, and that names are text."""

from playwright.sync_api import expect

from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.harness import HOSTILE

ANN = {"id": "h1", "name": "Ann"}
BOB = {"id": "h2", "name": "a second browser"}


def requests(screen: Screen, run: str = "one") -> list[dict]:
    return screen.harness.runs[run].requests


def sent(screen: Screen, count: int, run: str = "one") -> list[dict]:
    screen.until(lambda: len(requests(screen, run)) >= count)
    return requests(screen, run)


def test_the_owner_alone_in_control_sees_nothing_of_it(screen: Screen) -> None:
    screen.open()
    screen.harness.call("tell_control", mine=True, owner=True)
    expect(screen.get("ls-train")).to_be_visible()
    expect(screen.get("ls-control")).to_be_hidden()


def test_a_watcher_asks_and_takes_the_request_back(screen: Screen) -> None:
    screen.open(control="0")
    screen.harness.call("tell_control")
    expect(screen.get("ls-control-words")).to_have_text("Watching; its owner controls.")
    expect(screen.page.get_by_text("You are watching")).to_be_hidden()
    screen.get("ls-control-ask").click()
    assert sent(screen, 1) == [{"control": "ask"}]
    screen.harness.call("tell_control", asked=True)
    expect(screen.get("ls-control-words")).to_contain_text("You have asked for control.")
    expect(screen.get("ls-control-ask")).to_be_hidden()
    screen.get("ls-control-withdraw").click()
    assert sent(screen, 2)[1] == {"control": "withdraw"}
    screen.harness.call("tell_control", said="Your request for control was declined.")
    expect(screen.get("ls-control-words")).to_contain_text("declined")


def test_control_moves_while_the_page_stays_as_it_is(screen: Screen) -> None:
    screen.open(control="0")
    screen.harness.call("tell_control")
    expect(screen.get("ls-train")).to_be_hidden()
    screen.harness.call("tell_control", mine=True, holder="a second browser")
    expect(screen.get("ls-train")).to_be_visible()
    expect(screen.get("ls-rate")).to_be_visible()
    expect(screen.get("ls-control-words")).to_have_text("You control this run.")
    screen.get("ls-step").click()
    screen.until_step(1)
    screen.get("ls-control-return").click()
    assert sent(screen, 1) == [{"control": "return"}]
    screen.harness.call("tell_control")
    expect(screen.get("ls-train")).to_be_hidden()
    screen.press(" ")
    assert screen.harness.runs["one"].commands == [("step", None)]


def test_who_controls_sees_who_asks_at_once_and_gives_or_declines(screen: Screen) -> None:
    screen.open()
    screen.harness.call("tell_control", mine=True, owner=True, asks=[ANN, BOB])
    expect(screen.get("ls-asks").locator("li")).to_have_count(2)
    expect(screen.get("ls-asks")).to_contain_text("Asks for control: a second browser")
    screen.page.get_by_role("button", name="Decline a second browser").click()
    screen.page.get_by_role("button", name="Give control to Ann").click()
    assert sent(screen, 2) == [{"control": "decline", "to": "h2"}, {"control": "give", "to": "h1"}]
    screen.harness.call("tell_control", owner=True, holder="Ann")
    expect(screen.get("ls-control-words")).to_have_text("Watching; Ann controls.")
    expect(screen.get("ls-asks")).to_be_hidden()
    expect(screen.get("ls-train")).to_be_hidden()
    screen.get("ls-control-take").click()
    assert sent(screen, 3)[2] == {"control": "take"}
    assert screen.ask("harness.told") == [], "the page runs no script for it"


def test_a_request_keeps_its_buttons_while_others_come(screen: Screen) -> None:
    screen.open()
    screen.harness.call("tell_control", mine=True, owner=True, asks=[ANN])
    give = screen.page.get_by_role("button", name="Give control to Ann")
    give.focus()
    screen.harness.call("tell_control", mine=True, owner=True, asks=[BOB, ANN])
    expect(screen.get("ls-asks").locator("li")).to_have_count(2)
    expect(give).to_be_focused()


def test_the_focus_is_not_lost_with_a_button_that_goes(screen: Screen) -> None:
    screen.open()
    screen.harness.call("tell_control", mine=True, owner=True, asks=[ANN])
    screen.page.get_by_role("button", name="Decline Ann").focus()
    screen.harness.call("tell_control", mine=True, owner=True)
    expect(screen.get("ls-train")).to_be_focused()
    screen.harness.call("advance", 10)
    screen.harness.call("tell_control", owner=True, holder="Ann")
    screen.get("ls-control-take").focus()
    screen.harness.call("tell_control", mine=True, owner=True)
    expect(screen.get("ls-train")).to_be_focused()


def test_requests_can_be_muted_and_heard_again(screen: Screen) -> None:
    screen.open()
    screen.harness.call("tell_control", mine=True, owner=True, asks=[ANN])
    screen.get("ls-control-mute").click()
    screen.harness.call("tell_control", mine=True, owner=True, muted=True)
    expect(screen.get("ls-control-words")).to_have_text("Requests for control are muted.")
    screen.get("ls-control-hear").click()
    assert sent(screen, 2) == [{"control": "mute"}, {"control": "hear"}]


def test_another_tab_of_the_same_person_takes_control_by_a_click(screen: Screen) -> None:
    screen.open()
    screen.harness.call("tell_control", owner=True, elsewhere=True)
    expect(screen.get("ls-control-words")).to_have_text("You control this run in another tab.")
    expect(screen.get("ls-control-take")).to_have_text("Control here")
    expect(screen.get("ls-control-ask")).to_be_hidden()
    screen.get("ls-control-take").click()
    assert sent(screen, 1) == [{"control": "take"}]


def test_names_are_text(screen: Screen) -> None:
    screen.open()
    screen.harness.call("tell_control", owner=True, holder=HOSTILE, asks=[{"id": "<b>", "name": HOSTILE}])
    expect(screen.get("ls-control-words")).to_contain_text("<img src=x")
    expect(screen.get("ls-asks")).to_contain_text("<script>")
    assert screen.ask("document.querySelectorAll('.ls-control img, .ls-control script').length") == 0
    assert screen.ask("window.hacked") is None
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.until(lambda: screen.ask("document.documentElement.scrollWidth") <= 390)  # plots follow a moment later


def test_control_of_runs_that_are_compared_moves_together(screen: Screen) -> None:
    screen.open()
    screen.ask("void harness.update({ run: 'one', others: ['two'] })")
    screen.harness.call("tell_control", mine=True, owner=True, asks=[ANN])
    expect(screen.get("ls-control")).to_be_hidden()  # of the other it is not known yet
    screen.harness.call("tell_control", mine=True, owner=True, asks=[ANN], run="two")
    expect(screen.get("ls-asks").locator("li")).to_have_count(1)
    screen.page.get_by_role("button", name="Give control to Ann").click()
    assert sent(screen, 1) == sent(screen, 1, "two") == [{"control": "give", "to": "h1"}]
    screen.harness.call("tell_control", owner=True, holder="Ann")
    expect(screen.get("ls-train")).to_be_hidden()  # one of them is not this browser's any more


def test_a_run_that_is_over_is_its_owners_to_open_again(screen: Screen) -> None:
    screen.open(control="0")
    screen.harness.call("tell_control", mine=True)
    screen.harness.end("finished", "It is over.")
    screen.until(lambda: screen.get("ls-reset").inner_text() == "Again")
    expect(screen.get("ls-reset")).to_be_disabled()


def test_another_right_to_the_same_run_is_shown_at_once(screen: Screen) -> None:
    screen.open()
    screen.harness.call("advance", 10)
    screen.ask("document.querySelector('.ls-panel').learnscope.old = true")
    before = screen.painted or 0
    screen.ask("void harness.renew('another')")
    screen.until(lambda: (screen.painted or 0) > before)
    assert screen.get("ls-panel").get_attribute("data-connection") == "open"
    screen.harness.call("advance", 10)
    screen.until_step(20)
    screen.until(lambda: len(screen.harness.runs["one"].watchers) == 1)
