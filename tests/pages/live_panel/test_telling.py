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


def test_a_run_that_waits_for_its_turn_says_at_which_place(screen: Screen) -> None:
    screen.open()
    chip, train = screen.get("ls-state"), screen.get("ls-train")
    before = train.bounding_box()
    train.click()
    screen.until(lambda: chip.inner_text() == "Training")
    for place, waiting, words in ((3, 7, "3rd of 7"), (2, 6, "2nd of 6"), (1, 1, "1st of 1"), (12, 22, "12th of 22")):
        screen.harness.stand(place, waiting)
        screen.until(lambda words=words: chip.inner_text().split("\n") == ["Waits for its turn:", words])
    assert train.bounding_box() == before, "nothing jumps"
    screen.until(lambda: "Waits for its turn to train: 12th of 22." in screen.get("ls-aria").inner_text())
    assert train.inner_text() == "Pause"
    screen.harness.drop(refusing=True)
    screen.until(lambda: chip.inner_text() == "Reconnecting…")
    screen.harness.stand(2, 2)
    screen.harness.refusing = False
    screen.until(lambda: "2nd of 2" in chip.inner_text())
    screen.harness.stand(0, 0)
    screen.until(lambda: chip.inner_text() == "Training")
    screen.harness.stand(1, 1)
    screen.until(lambda: "1st of 1" in chip.inner_text())
    train.click()
    screen.until(lambda: chip.inner_text() == "Paused")


def test_of_two_runs_one_that_trains_is_told(screen: Screen) -> None:
    screen.open()
    screen.ask("void harness.update({ others: ['two'] })")
    screen.until(lambda: screen.get("ls-readout-step-B").is_visible())
    screen.get("ls-train").click()
    chip = screen.get("ls-state")
    screen.harness.stand(2, 3, run="one")
    screen.until(lambda: chip.inner_text() == "Training")
    screen.harness.stand(3, 3, run="two")
    screen.until(lambda: "2nd of 3" in chip.inner_text())
    screen.harness.stand(0, 0, run="two")
    screen.until(lambda: chip.inner_text() == "Training")


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


def test_training_is_told_now_and_then_and_what_a_person_does_once(screen: Screen) -> None:
    screen.load()
    with screen.time_stands_still() as pass_by:
        screen.ask(
            """import("/live/assets/test/speaker.js").then(({ Speaker }) => {
                window.speaker = new Speaker();
                window.heard = [];
                const hear = () => heard.push(speaker.element.textContent);
                new MutationObserver(hear).observe(speaker.element, { childList: true });
            })"""
        )

        def heard(sentences: list[str], going: bool, apart: float) -> list[str]:
            """Return what is heard while sentences come so many ms apart, and in the second after."""
            for sentence in sentences:
                screen.page.evaluate("([sentence, going]) => speaker.say(sentence, going)", [sentence, going])
                pass_by(apart)
            pass_by(1000)
            return screen.ask("heard.splice(0)")

        assert heard(["Opening.", "Ready. Step 0."], False, 10) == ["Ready. Step 0."]
        trained = heard([f"Training. Step {step}." for step in range(140)], True, 200)
        assert trained == ["Training. Step 2.", "Training. Step 77."], "half a minute is told twice"
        assert heard(["Paused. Step 139.", "Paused. Step 150."], False, 50) == ["Paused. Step 150."]
        assert heard(["Paused. Step 150."] * 20, False, 200) == []
        looking = [f"Looking back at step {step}." for step in range(149, 100, -1)]
        assert heard(looking, False, 100) == [looking[-1]], "only where one comes to rest"
    screen.ask("void speaker.close()")


def test_the_scrubber_says_where_it_is_in_words_and_keeps_still_while_training(screen: Screen) -> None:
    record(screen.harness, 15)
    screen.open()
    scrubber = screen.get("ls-scrubber")
    screen.until(lambda: scrubber.get_attribute("aria-valuetext") == "Step 140 of 140")
    scrubber.press("ArrowLeft")
    screen.until(lambda: scrubber.get_attribute("aria-valuetext") == "Step 130 of 140")
    screen.get("ls-live").click()
    screen.get("ls-train").click()
    screen.until(lambda: screen.shown > 150)
    assert scrubber.get_attribute("aria-valuetext") == "Following the run at its newest step"
    screen.get("ls-train").click()
    screen.until(lambda: "Step" in scrubber.get_attribute("aria-valuetext"))


def test_a_neuron_is_told_by_ear_once_and_not_with_every_frame(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    net = screen.get("panel-network")
    screen.page.mouse.move(0, 0)  # a pointer that rests on the drawing would have its say
    net.locator("canvas").focus()
    screen.press("ArrowDown")
    voice = net.get_by_role("status")
    screen.until(lambda: voice.inner_text().startswith("x. from −1 to 1 over the map"))
    screen.ask(
        """void ((window.heard = 0), new MutationObserver(() => (heard += 1)).observe(
            document.querySelector("[data-testid=panel-network] .ls-body [role=status]"), { childList: true }))"""
    )
    screen.get("ls-train").evaluate("button => button.click()")  # the focus stays where it is
    screen.until(lambda: screen.shown > 100)
    assert screen.ask("heard") == 0
    screen.press("ArrowLeft")  # and the other keys still steer
    screen.until(lambda: screen.get("ls-live").get_attribute("aria-pressed") == "false")
    screen.press("ArrowDown")
    screen.until(lambda: screen.ask("heard") == 1)


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


def test_an_epoch_has_the_name_that_the_run_gives_it(screen: Screen) -> None:
    screen.load()
    told = screen.page.evaluate(
        """async () => {
            const { Readouts, epochName } = await import("/live/assets/test/readouts.js");
            const { sentence } = await import("/live/assets/test/speaker.js");
            const { Transport } = await import("/live/assets/test/transport.js");
            const values = { step: 3, epoch: 2, loss: 1, val_loss: NaN, score: NaN, val_score: NaN };
            const [readouts, transport] = [new Readouts(""), new Transport(() => {}, () => {}, () => {})];
            return [{ epoch: "pass" }, {}].map((words) => {
                const name = epochName({ opening: { header: { words } } });
                readouts.nameEpoch(name);
                transport.nameEpoch(name);
                const said = sentence("running", values, "analogies", true, undefined, name);
                return [readouts.fields.epoch.label.textContent, transport.epoch.textContent, said];
            });
        }"""
    )
    assert [one[:2] for one in told] == [["Pass", "Pass"], ["Epoch", "Epoch"]]
    assert "Step 3, pass 2" in told[0][2]
    assert "Step 3, epoch 2" in told[1][2]
