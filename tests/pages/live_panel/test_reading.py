"""A text on colours, and what there was to choose from: what stands there is what the arrays say."""

import re

import pytest
from playwright.sync_api import Locator, expect

from engine.figures.comparison import side_by_side
from engine.figures.panel import ChoicePanel, ReadingPanel
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.sequence_samples import TEXT, sequence_at, type_panel
from tests.pages.live_panel.sequences import open_sequences

BLUE, ORANGE = "0, 114, 178", "230, 159, 0"


def reading_panel(**changes: object) -> ReadingPanel:
    settings = {"array": "loss.told", "symbols": "read", "about": "gradients", "unit": "bits"} | changes
    return ReadingPanel("reading", "Text", 6, 200, "Each letter.", "A text.", **settings)  # type: ignore[arg-type]


def choice_panel() -> ChoicePanel:
    """Return bars of two rows of numbers that a run of letters has; no symbol is taken, for none of them is 1."""
    arrays = {"told": "loss.told", "drawn": "loss.told", "fate": "loss.told", "chosen": "loss.told"}
    return ChoicePanel(
        "choice", "Next", 6, 200, "Bars.", "Bars.", **arrays, fates=("free", "cut"), symbols="read", about="gradients"
    )


def letters(screen: Screen) -> Locator:
    return screen.get("panel-reading").locator(".ls-reading-text span")


def colours(screen: Screen) -> list[tuple[str, float]]:
    """Return each letter's colour and how strong it is."""
    found = letters(screen).evaluate_all("all => all.map(one => one.style.backgroundColor)")
    parts = [re.fullmatch(r"rgba?\((\d+, \d+, \d+)(?:, ([\d.]+))?\)", one) for one in found]
    return [(part[1], float(part[2] or 1)) if part else ("", 0.0) for part in parts]


def test_letters_are_read_as_they_are_and_coloured_by_their_numbers(screen: Screen) -> None:
    open_sequences(screen, reading_panel())
    expect(letters(screen)).to_have_count(len(TEXT))
    assert "".join(letters(screen).all_inner_texts()) == TEXT
    values = sequence_at(0)["loss.told"][: len(TEXT)]
    shown = colours(screen)
    assert {colour for colour, _ in shown} == {ORANGE}
    for (_, strength), value in zip(shown, values, strict=True):
        assert strength == pytest.approx(0.55 * value / values.max(), abs=0.02), "the largest is no darker than letters"
    scale = screen.get("panel-reading").locator(".ls-scale")
    expect(scale).to_contain_text("0.00")
    expect(scale).to_contain_text("bits")


def test_numbers_of_both_signs_have_two_colours(screen: Screen) -> None:
    panel = reading_panel(array="hidden.rnn.0", signed=True)
    open_sequences(screen, panel)
    values = sequence_at(0)["hidden.rnn.0"][0, : len(TEXT)]
    assert values.min() < 0 < values.max()
    expect(letters(screen)).to_have_count(len(TEXT))
    for (colour, strength), value in zip(colours(screen), values, strict=True):
        if strength > 0.05:
            assert colour == (BLUE if value < 0 else ORANGE)


def test_a_letter_is_told_under_the_pointer_and_walked_to_by_keys(screen: Screen) -> None:
    open_sequences(screen, reading_panel())
    letters(screen).nth(3).hover()
    tooltip = screen.get("panel-reading").locator(".ls-tooltip")
    value = float(sequence_at(0)["loss.told"][3])
    expect(tooltip).to_contain_text(f"{value:.3f}"[:5])
    expect(tooltip).to_contain_text("c")
    field = screen.get("panel-reading").locator(".ls-reading-text")
    field.focus()
    for key in ("ArrowDown", "Shift+ArrowLeft", "ArrowRight"):
        field.press(key)
    expect(letters(screen).nth(1)).to_have_attribute("data-under", "")
    expect(tooltip).to_contain_text("b")
    screen.get("table-reading").click()
    rows = screen.get("data-reading").locator("tbody tr")
    expect(rows).to_have_count(len(TEXT))


def test_what_is_typed_stands_in_its_place_and_line_ends_are_seen(screen: Screen) -> None:
    open_sequences(screen, type_panel(), reading_panel())
    screen.get("ls-type").fill("x⏎y␣z")
    expect(letters(screen)).to_have_count(5)
    assert screen.ask("document.querySelector('.ls-reading-text').textContent") == "x⏎\ny z"


def test_a_pinned_step_shows_the_change(screen: Screen) -> None:
    open_sequences(screen, reading_panel(), frames=3)
    screen.get("ls-pin").click()
    expect(screen.get("panel-reading").locator(".ls-shape")).to_have_text("change since step 20")
    assert max(strength for _, strength in colours(screen)) < 0.01


def test_markup_in_a_text_is_text(screen: Screen) -> None:
    open_sequences(screen, type_panel(), reading_panel(), choice_panel())
    screen.get("ls-type").fill("<img src=x>")
    expect(letters(screen)).to_have_count(11)
    assert screen.ask("document.querySelectorAll('.ls-grid img').length") == 0


def test_bars_are_as_long_as_the_shares_are_large(screen: Screen) -> None:
    open_sequences(screen, choice_panel())
    rows = screen.get("panel-choice").locator("tbody tr")
    expect(rows).to_have_count(len(TEXT))
    values = sequence_at(0)["loss.told"]
    widths = rows.locator("td:nth-child(2) .ls-choice-bar").evaluate_all("all => all.map(one => one.style.width)")
    assert [float(width.rstrip("%")) for width in widths] == pytest.approx(
        [100 * value / values[0] for value in values[: len(TEXT)]], abs=0.01
    )
    expect(rows.nth(1)).to_contain_text(f"{100 * values[1]:.1f} %")
    expect(rows.nth(2).locator("th")).to_have_text("␣")
    assert rows.nth(0).get_attribute("data-chosen") == "true", "its number is 1"
    assert rows.nth(1).get_attribute("data-chosen") == "false"
    expect(rows.nth(0)).to_contain_text("taken")


def test_both_are_shown_for_two_runs(screen: Screen) -> None:
    open_sequences(screen, *side_by_side([reading_panel(), choice_panel()]))
    expect(screen.get("panel-reading").locator(".ls-half")).to_have_count(2)
    expect(screen.get("panel-choice").locator("tbody tr")).to_have_count(len(TEXT))
