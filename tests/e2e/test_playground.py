"""The whole way from a click through a worker process and back to painted pixels."""

import os
import signal
from urllib.parse import urlencode

from playwright.sync_api import expect

from tests.app_server import AppServer, cpu_seconds
from tests.browser import Screen
from tests.e2e.conftest import Visit

WITHOUT_NOTE = "/playground?hide=note"
"""A lab as a teacher's link may show it: its note, that these tests do not read, takes a quarter of a page's time."""
SPIRAL = f"{WITHOUT_NOTE}&dataset=spiral"
BOUNDARY = "document.querySelector('[data-testid=panel-boundary] .ls-plot')"
LOSS = "document.querySelector('[data-testid=panel-loss] .ls-plot')"


def reach(screen: Screen, step: int) -> None:
    """Wait until the run is at ``step`` or beyond."""
    screen.until(lambda: screen.last >= step)


def boundary(screen: Screen) -> list[list[float]]:
    """Return the numbers of the decision boundary that is on the screen."""
    return screen.ask(f"Array.from({BOUNDARY}.data[0].z, (row) => Array.from(row))")


def picture(screen: Screen) -> bytes:
    """Return the pixels of the decision boundary."""
    return screen.get("panel-boundary").locator(".ls-surface").screenshot()


def loss_points(screen: Screen) -> list[float]:
    """Return the training loss as Plotly has it drawn."""
    return screen.ask(f"Array.from({LOSS}.data[0].y)")


def until_state(screen: Screen, state: str) -> None:
    """Wait until the run is in a state."""
    screen.until(lambda: screen.state == state)


def until_ready(screen: Screen) -> None:
    """Wait until a run at its initial weights is on the screen."""
    until_state(screen, "ready")
    screen.until(lambda: screen.last == 0 == screen.shown)


def cookie(screen: Screen) -> object:
    """Return the cookie that tells who a person is."""
    return [found["value"] for found in screen.page.context.cookies() if found["name"] == "learnscope_person"]


def pause(screen: Screen) -> None:
    """Pause and wait until the last step is on the screen."""
    screen.get("ls-train").click()
    until_state(screen, "paused")
    screen.until(lambda: screen.shown == screen.last)


def test_spiral_trains_pauses_steps_and_scrubs_back(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    assert screen.shown == 0
    untrained, untrained_picture = boundary(screen), picture(screen)

    screen.get("ls-train").click()
    reach(screen, 300)
    early = loss_points(screen)
    reach(screen, screen.last + 300)
    screen.until(lambda: len(loss_points(screen)) > len(early))
    pause(screen)
    late = loss_points(screen)
    assert late[-1] < late[0], "the loss did not fall"

    stopped_at = screen.last
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == stopped_at + 1)
    trained, trained_picture = boundary(screen), picture(screen)
    assert trained != untrained
    assert trained_picture != untrained_picture

    screen.get("ls-scrubber").press("Home")
    screen.until(lambda: screen.shown == 0)
    assert boundary(screen) == untrained
    assert picture(screen) == untrained_picture
    assert screen.get("ls-readout-step").inner_text() == "0"
    screen.get("ls-live").click()
    screen.until(lambda: screen.shown == stopped_at + 1)
    assert boundary(screen) == trained


def test_second_browser_sees_the_same_run_and_watches_until_it_is_given_control(
    app_server: AppServer, visit: Visit
) -> None:
    owner = visit(app_server.url + SPIRAL)
    owner.get("ls-train").click()
    reach(owner, 50)
    pause(owner)

    guest = visit(owner.page.url)
    assert guest.run == owner.run
    guest.until(lambda: guest.shown == owner.last)
    assert boundary(guest) == boundary(owner)
    assert guest.recorded == owner.recorded
    expect(guest.get("ls-train")).to_be_hidden()

    guest.get("panel-boundary").locator(".nsewdrag").click()  # in its middle
    box = guest.get("ls-explained")
    expect(box).to_contain_text("The probability of class 1 that the net gives at x = ")
    told = float(box.locator(".ls-explained-value").get_attribute("title") or "nan")
    assert min(abs(told - near) for row in boundary(guest)[23:27] for near in row[23:27]) < 1e-6
    expect(box).to_contain_text("torch.sigmoid(")

    before = owner.last
    owner.get("ls-step").click()
    guest.until(lambda: guest.shown == before + 1)
    expect(box).to_contain_text(f"at step {before + 1}")

    # A number that the owner puts in is in both, at the same step; who watches has no field for it.
    untouched = boundary(owner)
    net = owner.get("panel-network").locator("canvas")
    net.focus()
    for key in (*["ArrowDown"] * 3, "b"):
        net.press(key)
    expect(owner.get("ls-explained")).to_contain_text("The bias of unit 0 of layer 1, at step")
    owner.get("ls-set").fill("1.5")
    owner.get("ls-set").press("Enter")
    owner.until(lambda: boundary(owner) != untouched)
    expect(owner.get("ls-explained")).to_contain_text("= 1.5")
    guest.until(lambda: boundary(guest) == boundary(owner))
    assert (guest.shown, owner.shown) == (before + 1, before + 1)
    expect(guest.get("ls-changes")).to_contain_text("1 change on the way")
    expect(guest.get("ls-set")).to_be_hidden()

    guest.get("ls-control-ask").click()
    owner.page.get_by_role("button", name="Give control to a second browser").click()
    expect(owner.get("ls-control-words")).to_have_text("Watching; a second browser controls.")
    expect(owner.get("ls-train")).to_be_hidden()
    guest.get("ls-step").click()
    owner.until(lambda: owner.shown == before + 2)
    guest.go(guest.page.url)  # who loads the page anew keeps control
    expect(guest.get("ls-control-words")).to_have_text("You control this run.")
    owner.get("ls-control-take").click()
    expect(guest.get("ls-control-words")).to_have_text("Watching; its owner controls.")
    expect(guest.get("ls-train")).to_be_hidden()
    owner.get("ls-step").click()
    guest.until(lambda: guest.shown == before + 3)
    assert guest.run == owner.run


def test_a_branch_begins_at_the_step_shown_and_belongs_to_who_made_it(app_server: AppServer, visit: Visit) -> None:
    owner = visit(app_server.url + SPIRAL + "&learning_rate=0.02")
    owner.get("ls-train").click()
    reach(owner, 100)
    pause(owner)
    guest = visit(owner.page.url)
    for _ in range(8):
        guest.press("ArrowLeft")
    guest.until(lambda: guest.shown == guest.recorded[-9])
    at, seen, earlier = guest.shown, boundary(guest), guest.recorded[:-8]
    guest.get("ls-branch").click()
    guest.until(lambda: guest.run != owner.run)
    until_state(guest, "paused")
    guest.until(lambda: guest.shown == guest.last == at)
    assert boundary(guest) == seen
    assert guest.recorded == earlier
    assert "learning_rate=0.02" in guest.ask("location.search")
    guest.get("ls-step").click()
    guest.until(lambda: guest.shown == at + 1)
    assert owner.state == "paused"
    assert owner.last > at + 1


def test_killed_worker_is_told_and_nothing_else_is_touched(app_server: AppServer, visit: Visit) -> None:
    bystander = visit(app_server.url + SPIRAL)
    bystander.get("ls-train").click()
    reach(bystander, 20)
    pause(bystander)

    others = app_server.workers()
    screen = visit(app_server.url + WITHOUT_NOTE + "&dataset=xor")
    screen.get("ls-train").click()
    reach(screen, 20)
    # The pool may have warmed another meanwhile: the one that trains uses time, and more and more of it.
    new = app_server.workers() - others
    used = {pid: cpu_seconds(pid) for pid in new}
    reach(screen, screen.last + 1_000)
    os.kill(max(new, key=lambda pid: cpu_seconds(pid) - used[pid]), signal.SIGKILL)
    until_state(screen, "crashed")
    expect(screen.page.get_by_role("alert").filter(has_text="killed")).to_be_visible()

    before = bystander.last
    bystander.get("ls-train").click()
    reach(bystander, before + 20)
    screen.get("ls-scrubber").press("Home")
    screen.until(lambda: screen.shown == 0)
    seen = screen.last
    screen.get("ls-train").click()  # it says Continue now
    reach(screen, seen + 20)


def test_reset_and_again_lead_back_to_the_same_initial_weights_and_new_weights_to_others(
    app_server: AppServer, visit: Visit
) -> None:
    screen = visit(app_server.url + SPIRAL)
    untrained, first = boundary(screen), screen.run
    screen.get("ls-train").click()
    reach(screen, 100)
    screen.get("ls-reset").click()
    screen.until(lambda: screen.last == 0 == screen.shown)
    assert (screen.run, screen.recorded) == (first, [0])
    assert boundary(screen) == untrained

    screen.get("ls-train").click()
    reach(screen, 50)
    screen.get("ls-stop").click()
    until_state(screen, "stopped")
    screen.get("ls-reset").click()  # it says Again now
    screen.until(lambda: screen.run != first)
    until_ready(screen)
    assert boundary(screen) == untrained

    screen.get("ls-train").click()
    reach(screen, 50)
    second = screen.run
    screen.page.get_by_role("button", name="New weights").click()
    screen.until(lambda: screen.run != second)
    until_ready(screen)
    assert boundary(screen) != untrained


def test_runs_and_settings_are_found_again_after_a_refresh_and_a_restart(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + WITHOUT_NOTE + "&dataset=moons")
    screen.get("ls-train").click()
    reach(screen, 100)
    screen.go(screen.page.url)
    reach(screen, 100)
    assert screen.state == "running"
    pause(screen)
    run, last, recorded, seen = screen.run, screen.last, screen.recorded, boundary(screen)
    waiting = visit(app_server.url + SPIRAL + "&learning_rate=0.3")
    never_begun, person = waiting.run, cookie(screen)

    app_server.restart()
    screen.go(screen.page.url)
    until_state(screen, "interrupted")
    screen.until(lambda: screen.shown == last)
    assert (screen.run, screen.recorded, boundary(screen)) == (run, recorded, seen)
    assert "dataset=moons" in screen.ask("location.search")
    assert cookie(screen) == person
    assert screen.get("ls-train").inner_text() == "Continue"
    screen.get("ls-train").click()
    reach(screen, last + 20)
    assert screen.run == run
    pause(screen)
    screen.get("ls-scrubber").press("Home")
    screen.until(lambda: screen.shown == 0)

    # A run that had not begun is gone; another of the same settings is had for the asking.
    waiting.until(lambda: waiting.get("ls-reset").inner_text() == "Again")
    waiting.get("ls-reset").click()
    waiting.until(lambda: waiting.run != never_begun)
    until_state(waiting, "ready")
    assert "learning_rate=0.3" in waiting.ask("location.search")
    waiting.get("ls-step").click()
    waiting.until(lambda: waiting.shown == 1)
    assert "Traceback" not in app_server.log.read_text()


def test_epoch_ends_with_the_epoch_and_the_keyboard_pauses_and_scrubs(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL + "&samples=200&train_share=0.5&batch_size=10")
    for expected in (10, 20):
        screen.get("ls-epoch").click()
        screen.until(lambda step=expected: screen.shown == step)
        until_state(screen, "paused")
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == 21)
    until_state(screen, "paused")  # until then, the key would pause it
    # Where a click on an empty part of the page puts the focus.
    screen.ask("document.querySelector('[data-testid=stMain]').focus()")
    assert screen.ask("document.activeElement.dataset.testid") == "stMain"
    screen.press("Space")
    reach(screen, 50)
    screen.press("Space")
    until_state(screen, "paused")
    screen.until(lambda: screen.shown == screen.last)
    last, recorded = screen.last, screen.recorded
    screen.press("ArrowLeft")
    screen.until(lambda: screen.shown == recorded[-2])
    screen.press("ArrowRight")
    screen.until(lambda: screen.shown == recorded[-1])
    screen.until(lambda: f"{last:,}" in screen.get("ls-aria").inner_text())
    assert screen.ask("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_loss_that_becomes_nan_pauses_and_says_so(app_server: AppServer, visit: Visit) -> None:
    too_fast = {"dataset": "plane", "optimizer": "sgd", "learning_rate": "10", "activation": "linear"}
    screen = visit(f"{app_server.url}{WITHOUT_NOTE}&{urlencode(too_fast)}")
    screen.get("ls-train").click()
    until_state(screen, "paused")
    expect(screen.page.get_by_role("alert").filter(has_text="loss")).to_contain_text("weights with a finite loss")


def test_no_width_scrolls_sideways(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + "/playground")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert screen.ask(overflow) == 0  # 1440
    for width in (1024, 390):
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.go(screen.page.url)  # as a phone opens it: Streamlit folds its sidebar away only then
        assert screen.ask(overflow) == 0, width
