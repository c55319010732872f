"""The field in which one types: with every letter the net is asked about the text, and its answer is in all panels."""

import base64
import unicodedata

import pytest
from playwright.sync_api import Locator, expect

from engine.figures.comparison import side_by_side
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.easel import COUNTED
from tests.pages.live_panel.sequence_samples import MOST, TEXT, hidden_panel, type_panel
from tests.pages.live_panel.sequences import open_sequences, show_panels

EMPTY = "Type here"


class Typing:
    def __init__(self, screen: Screen, frames: int = 1, **changes: object) -> None:
        self.screen, self.page, self.run = screen, screen.page, screen.harness.runs["one"]
        open_sequences(screen, type_panel(**changes), hidden_panel(), frames=frames)
        self.size.scroll_into_view_if_needed()

    @property
    def field(self) -> Locator:
        return self.screen.get("ls-type")

    @property
    def told(self) -> Locator:
        return self.screen.get("ls-type-told")

    @property
    def size(self) -> Locator:
        """What the heatmap says of how large it is."""
        return self.screen.get("panel-hidden").locator(".ls-shape")

    def asked(self) -> list[str]:
        return [base64.b64decode(question["values"]).decode() for question in self.run.questions]

    def until_told(self, text: str, at: int = 0) -> None:
        expect(self.told).to_have_text(f"{len(text)} letters of {text}, one at {at}")


@pytest.fixture
def typing(screen: Screen) -> Typing:
    return Typing(screen)


def test_every_letter_is_asked_about_and_the_answer_stands_in_the_panels(typing: Typing) -> None:
    expect(typing.told).to_contain_text(EMPTY)
    expect(typing.size).to_have_text(f"8 × {len(TEXT)} steps")
    assert typing.field.get_attribute("placeholder") == "Type a name"
    for end, letter in enumerate("Müçe", start=1):
        typing.field.press_sequentially(letter)
        typing.until_told("Müçe"[:end])
        expect(typing.size).to_have_text(f"8 × {end} steps")
    assert typing.asked() == ["M", "Mü", "Müç", "Müçe"]
    question = typing.run.questions[-1]
    assert (question["what"], question["settings"], question["step"]) == ("look", {}, -1)
    typing.screen.get("table-hidden").click()
    expect(typing.screen.get("data-hidden").locator("thead")).to_contain_text("ç")
    assert typing.screen.state == "paused"


@pytest.mark.parametrize("end", ["Escape", "ls-type-clear", "Backspace"])
def test_a_text_is_ended_by_escape_a_button_or_by_taking_it_back(typing: Typing, end: str) -> None:
    expect(typing.screen.get("ls-type-clear")).to_be_disabled()
    typing.field.fill("Li")
    typing.until_told("Li")
    if end.startswith("ls"):
        typing.screen.get(end).click()
        assert typing.screen.ask("document.activeElement.dataset.testid") == "ls-type"
    else:
        typing.field.press(end)
        typing.field.press(end)
    expect(typing.told).to_contain_text(EMPTY)
    expect(typing.field).to_have_value("")
    expect(typing.size).to_have_text(f"8 × {len(TEXT)} steps")
    expect(typing.screen.get("ls-type-clear")).to_be_disabled()


def test_letters_that_are_put_together_of_several_keys_are_read_when_they_are_one(typing: Typing) -> None:
    typing.field.focus()
    keys = typing.page.context.new_cdp_session(typing.page)
    for part in ("k", "か", "かn"):
        keys.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
    typing.page.wait_for_timeout(200)
    assert typing.field.input_value() == "かn"
    assert typing.asked() == []
    keys.send("Input.insertText", {"text": "漢"})
    typing.until_told("漢")
    assert typing.asked() == ["漢"]
    keys.detach()


@pytest.mark.parametrize("letter", ["a", "😀"])
def test_a_text_that_is_too_long_is_cut_and_that_is_said(typing: Typing, letter: str) -> None:
    typing.field.evaluate(
        """(field, letter) => {
            field.focus();
            document.execCommand("insertText", false, letter.repeat(1_000_000 / letter.length));
        }""",
        letter,
    )
    count = 2_000_000 // len(letter.encode("utf-16-le"))
    expect(typing.told).to_contain_text(f"Only the first {MOST} of {count:,} characters are read.")
    expect(typing.told).to_contain_text(f"{MOST} letters of {letter * MOST}")
    assert typing.field.input_value() == letter * MOST
    assert typing.asked() == [letter * MOST]
    typing.screen.harness.call("advance", 10)
    expect(typing.told).to_contain_text("at 10")
    expect(typing.told).to_contain_text("Only the first")
    typing.field.press("Backspace")
    typing.until_told(letter * (MOST - 1), at=10)


def test_what_the_net_cannot_read_is_said_and_the_frame_stays(typing: Typing) -> None:
    typing.field.fill("R2")
    expect(typing.told).to_have_text("There are no digits in names.")
    expect(typing.size).to_have_text(f"8 × {len(TEXT)} steps")
    typing.field.press("Backspace")
    typing.until_told("R")


def test_while_the_net_learns_it_is_asked_again_and_looking_back_the_net_of_that_step(screen: Screen) -> None:
    typing = Typing(screen, frames=4)
    typing.field.fill("Li")
    typing.until_told("Li", at=30)
    screen.harness.call("advance", 10)
    typing.until_told("Li", at=40)
    typing.field.blur()
    typing.run.silent = True
    screen.press("Home")
    expect(typing.told).to_have_text("The net of step 0 is being asked …")
    expect(screen.get("panel-hidden")).to_contain_text("being asked about what you have brought")
    typing.run.silent = False
    typing.until_told("Li", at=0)
    assert set(typing.asked()) == {"Li"}
    screen.get("ls-train").click()
    screen.until(lambda: len(typing.asked()) > 8)


def test_two_questions_at_most_are_on_their_way(typing: Typing) -> None:
    typing.run.silent = True
    typing.screen.ask(COUNTED)
    with typing.screen.time_stands_still() as wait:  # what is not answered for seconds is asked about again
        for letter in "quick":
            typing.field.press_sequentially(letter)
            wait(100)
        assert typing.screen.ask("window.questions") == 2
    typing.screen.until(lambda: typing.asked() == ["q", "qu"])
    typing.run.silent = False
    typing.until_told("quick")


def test_by_ear_the_answer_is_told_once_one_rests_and_not_at_each_step_of_the_training(typing: Typing) -> None:
    voice = typing.screen.get("ls-type-told-aria")
    assert voice.get_attribute("role") == "status"
    assert typing.told.get_attribute("role") is None
    typing.screen.ask(
        """void (() => {
            const voice = document.querySelector("[data-testid=ls-type-told-aria]");
            window.heard = [];
            new MutationObserver(() => heard.push(voice.textContent)).observe(voice, { childList: true });
        })()"""
    )
    with typing.screen.time_stands_still() as wait:
        for end in range(1, 6):
            typing.field.press_sequentially("quick"[end - 1])
            typing.screen.until(lambda end=end: wait(20) or "quick"[:end] in typing.told.inner_text().split(" ")[3])
            wait(100)
        assert typing.screen.ask("heard") == [], "one has not rested yet"
        wait(700)
        assert typing.screen.ask("heard") == ["5 letters of quick, one at 0"]
        for step in (10, 20, 30):
            typing.screen.harness.call("advance", 10)
            typing.screen.until(lambda step=step: wait(20) or f"at {step}" in typing.told.inner_text())
            wait(800)
        assert len(typing.screen.ask("heard")) <= 2


def test_two_nets_are_asked_about_one_text(screen: Screen) -> None:
    for run in ("one", "two"):
        screen.harness.runs[run].reads = True
    screen.harness.end("paused", "", run="two")
    open_sequences(screen, *side_by_side([type_panel(), hidden_panel()]), others=["two"])
    screen.get("ls-type").fill("Li")
    expect(screen.get("ls-type-told")).to_have_text("A: 2 letters of Li, one at 0; B: 2 letters of Li, two at 0")
    assert len(screen.get("ls-type").all()) == 1


def test_a_field_that_leaves_takes_its_text_along(typing: Typing) -> None:
    typing.field.fill("Li")
    typing.until_told("Li")
    show_panels(typing.screen, hidden_panel())
    expect(typing.size).to_have_text(f"8 × {len(TEXT)} steps")


def test_keys_in_the_field_are_letters(typing: Typing) -> None:
    typing.field.press_sequentially("a b")
    typing.field.press("Home")
    typing.field.press("ArrowRight")
    typing.field.press_sequentially("c")
    typing.until_told("ac b")
    assert (typing.screen.state, typing.screen.shown) == ("paused", 0)


def test_a_text_in_any_script_is_asked_about_as_it_was_typed(typing: Typing) -> None:
    for text in ("שלום", "👩‍👩‍👧", unicodedata.normalize("NFD", "é"), "<b>x</b>", "  "):
        typing.field.fill(text)
        typing.screen.until(lambda text=text: typing.asked()[-1:] == [text])
        expect(typing.size).to_have_text(f"8 × {len(text)} steps")
    assert not typing.screen.errors


def test_on_a_telephone_the_field_has_a_line_that_a_thumb_can_hit(typing: Typing) -> None:
    typing.page.set_viewport_size({"width": 390, "height": 844})
    boxes = [typing.screen.get(name).bounding_box() for name in ("ls-type", "ls-type-clear")]
    assert all(box and box["height"] >= 40 for box in boxes)
    assert boxes[0]
    assert boxes[0]["width"] > 200
    assert typing.screen.ask("document.documentElement.scrollWidth") <= 390
