"""The whole way from a click through a worker process and back to painted pixels."""

import os
import signal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import PANEL

SPIRAL = "/playground?dataset=spiral"


def shown(page: Page) -> dict:
    """Return what the panel says of itself: the step shown, the last step, the recorded steps."""
    return page.evaluate(
        f"(({{shownStep, lastStep, recorded, paintedFrames}}) => ({{shownStep, lastStep, recorded, paintedFrames}}))({PANEL})"
    )


def reach(page: Page, step: int) -> None:
    page.wait_for_function(f"{PANEL}.lastStep >= {step}", timeout=60_000)


def boundary(page: Page) -> list[list[float]]:
    """Return the numbers of the decision boundary as Plotly has them drawn."""
    return page.evaluate(
        "[...document.querySelector('[data-testid=panel-boundary] .js-plotly-plot').data[0].z].map(row => [...row])"
    )


def loss_points(page: Page) -> int:
    return page.evaluate("document.querySelector('[data-testid=panel-loss] .js-plotly-plot').data[0].x.length")


def state(page: Page) -> str | None:
    return page.get_by_test_id("ls-state").get_attribute("data-state")


def wait_for_state(page: Page, name: str) -> None:
    expect(page.get_by_test_id("ls-state")).to_have_attribute("data-state", name, timeout=20_000)


def pause(page: Page) -> None:
    page.get_by_test_id("ls-train").click()
    wait_for_state(page, "paused")
    page.wait_for_function(f"{PANEL}.shownStep === {PANEL}.lastStep")


def workers_of(server: int) -> list[int]:
    """Return the process ids of all workers below a server: the children of its children that were never exec'd."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    children = {pid for pid, parent in parents.items() if parent == server}
    return [pid for pid, parent in parents.items() if parent in children]


def test_spiral_trains_pauses_steps_and_scrubs_back(app_server, new_desk):
    desk = new_desk()
    page = desk.open(app_server.url + SPIRAL)
    assert shown(page)["shownStep"] == 0
    untrained = boundary(page)

    page.get_by_test_id("ls-train").click()
    reach(page, 300)
    early = loss_points(page)
    reach(page, shown(page)["lastStep"] + 300)
    page.wait_for_function(
        f"document.querySelector('[data-testid=panel-loss] .js-plotly-plot').data[0].x.length > {early}"
    )

    pause(page)
    stopped_at = shown(page)["lastStep"]
    page.get_by_test_id("ls-step").click()
    page.wait_for_function(f"{PANEL}.shownStep === {stopped_at + 1}")

    trained = boundary(page)
    assert trained != untrained
    page.get_by_test_id("ls-scrubber").press("Home")
    page.wait_for_function(f"{PANEL}.shownStep === 0")
    page.wait_for_function(f"{PANEL}.paintedFrames > 0")
    assert boundary(page) == untrained
    page.get_by_test_id("ls-live").click()
    page.wait_for_function(f"{PANEL}.shownStep === {stopped_at + 1}")
    assert boundary(page) == trained

    assert desk.hosts == {urlsplit(app_server.url).netloc}
    assert desk.errors == []


def test_second_browser_sees_the_same_run_and_only_watches(app_server, new_desk):
    owner = new_desk().open(app_server.url + SPIRAL)
    owner.get_by_test_id("ls-train").click()
    reach(owner, 50)
    pause(owner)

    link = owner.url
    assert "run" in parse_qs(urlsplit(link).query)
    guest = new_desk().open(link)
    guest.wait_for_function(f"{PANEL}.shownStep === {shown(owner)['lastStep']}")
    assert boundary(guest) == boundary(owner)
    assert shown(guest)["recorded"] == shown(owner)["recorded"]
    expect(guest.get_by_test_id("ls-train")).to_be_hidden()

    owner.get_by_test_id("ls-step").click()
    guest.wait_for_function(f"{PANEL}.lastStep === {shown(guest)['lastStep'] + 1}")


def test_killed_worker_is_told_and_nothing_else_is_touched(app_server, new_desk):
    bystander = new_desk().open(app_server.url + SPIRAL)
    bystander.get_by_test_id("ls-train").click()
    reach(bystander, 20)
    others = set(workers_of(app_server.pid))

    page = new_desk().open(app_server.url + "/playground?dataset=xor")
    page.get_by_test_id("ls-train").click()
    reach(page, 20)
    (victim,) = set(workers_of(app_server.pid)) - others
    os.kill(victim, signal.SIGKILL)
    wait_for_state(page, "crashed")
    expect(page.get_by_role("alert")).to_contain_text("killed")

    reach(bystander, shown(bystander)["lastStep"] + 20)
    page.get_by_test_id("ls-scrubber").press("Home")
    page.wait_for_function(f"{PANEL}.shownStep === 0")


def test_reset_goes_back_to_the_same_initial_weights(app_server, new_desk):
    page = new_desk().open(app_server.url + SPIRAL)
    untrained = boundary(page)
    page.get_by_test_id("ls-train").click()
    reach(page, 100)
    page.get_by_test_id("ls-reset").click()
    page.wait_for_function(f"{PANEL}.lastStep === 0 && {PANEL}.shownStep === 0")
    assert boundary(page) == untrained
    assert shown(page)["recorded"] == [0]


def test_run_is_found_again_after_a_refresh_and_a_restart(own_app_server, new_desk):
    page = new_desk().open(own_app_server.url + SPIRAL)
    page.get_by_test_id("ls-train").click()
    reach(page, 100)
    page.reload()
    page.wait_for_function(f"{PANEL}?.lastStep >= 100")
    assert state(page) == "running"

    pause(page)
    before = shown(page)
    own_app_server.restart()
    page.goto(page.url)
    wait_for_state(page, "interrupted")
    page.wait_for_function(f"{PANEL}?.shownStep === {before['lastStep']}")
    assert shown(page)["recorded"] == before["recorded"]


def test_keyboard_pauses_and_scrubs(app_server, new_desk):
    page = new_desk().open(app_server.url + SPIRAL)
    page.get_by_test_id("ls-panel").focus()
    page.keyboard.press("Space")
    reach(page, 50)
    page.keyboard.press("Space")
    wait_for_state(page, "paused")
    page.wait_for_function(f"{PANEL}.shownStep === {PANEL}.lastStep")
    last = shown(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"{PANEL}.shownStep === {last['recorded'][-2]}")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{PANEL}.shownStep === {last['recorded'][-1]}")
    expect(page.get_by_test_id("ls-aria")).to_contain_text(f"{last['lastStep']:,}")


def test_loss_that_becomes_nan_pauses_and_says_so(app_server, new_desk):
    page = new_desk().open(
        app_server.url + "/playground?dataset=plane&optimizer=sgd&learning_rate=10&activation=linear&schedule=constant"
    )
    page.get_by_test_id("ls-train").click()
    wait_for_state(page, "paused")
    expect(page.get_by_role("alert")).to_contain_text("step")


def test_changed_knob_shows_a_new_untrained_net(app_server, new_desk):
    page = new_desk().open(app_server.url + SPIRAL)
    page.get_by_test_id("ls-train").click()
    reach(page, 50)
    before = parse_qs(urlsplit(page.url).query)["run"]
    page.get_by_role("button", name="New weights").click()
    page.wait_for_function(f"!location.search.includes('{before[0]}')")
    page.wait_for_function(f"{PANEL}.lastStep === 0 && {PANEL}.paintedFrames > 0")
    assert state(page) == "ready"


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_width_scrolls_sideways(app_server, new_desk, width):
    desk = new_desk()
    page = desk.open(app_server.url + SPIRAL)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
