"""What the panel says: alerts, sentences, tooltips, and never an element made of words."""

import pytest

from tests.pages.live_panel.conftest import Screen, record
from tests.pages.live_panel.samples import sample_frame


@pytest.mark.parametrize(
    ("state", "message"), [("crashed", "The worker was killed."), ("failed", "The data are gone.")]
)
def test_a_run_that_broke_says_so(screen: Screen, state: str, message: str) -> None:
    screen.open()
    screen.harness.end(state, message)
    alert = screen.page.get_by_role("alert").filter(has_text=message)
    alert.wait_for()
    assert screen.get("ls-state").get_attribute("data-state") == state
    # One that crashed can go on from where it was, one that failed would fail again.
    train = screen.get("ls-train")
    assert (train.inner_text(), train.is_disabled()) == (("Continue", False) if state == "crashed" else ("Train", True))
    assert "ended" in train.get_attribute("title")


def test_a_run_that_nobody_knows_is_told(screen: Screen) -> None:
    screen.open()
    screen.ask("void harness.update({ run: 'nowhere' })")
    screen.page.get_by_role("alert").filter(
        has_text="does not know this run any more: Again opens a new one"
    ).wait_for()
    screen.get("ls-reset").click()
    assert screen.ask("harness.told[0]") == ["again", {"run": "nowhere"}]


def test_words_from_a_run_never_become_elements(screen: Screen) -> None:
    screen.open(run="hostile")
    screen.until(lambda: "<img" in screen.get("panel-words").inner_text())
    screen.page.locator("[data-testid=panel-network] canvas").focus()
    screen.press("ArrowDown")
    screen.until(lambda: "<img" in screen.page.locator("[data-testid=panel-network] .ls-tooltip").inner_text())
    assert screen.ask("document.querySelectorAll('.ls-panel img, .ls-panel script').length") == 0
    assert screen.ask("window.hacked ?? null") is None
    assert not screen.errors


def test_a_sentence_tells_what_happens(screen: Screen) -> None:
    record(screen.harness, 15)
    screen.open()
    line = screen.get("ls-aria")
    screen.until(lambda: "Step 140, epoch 10.7. Loss 0.6" in line.inner_text())  # 140 / 13 = 10.77
    assert screen.get("ls-readout-epoch").inner_text() == "10.7"
    assert line.get_attribute("aria-live") == "polite"
    assert "accuracy" in line.inner_text()
    assert "percent" in line.inner_text()


def test_the_tooltip_of_the_net_names_the_tensor_and_its_number(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    screen.page.locator("[data-testid=panel-network] canvas").focus()
    for _ in range(6):  # four inputs, then the second neuron of the first hidden layer
        screen.press("ArrowDown")
    tooltip = screen.page.locator("[data-testid=panel-network] .ls-tooltip")
    expected = f"{sample_frame(20)['weights.layers.0.weight'][1, 2]:.6g}".replace("-", "−")
    screen.until(lambda: f"layers.0.weight[1, 2] = {expected}" in tooltip.inner_text())
    assert tooltip.inner_text().startswith("layer 1, unit 1\n")
