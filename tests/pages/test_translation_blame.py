"""Who is to blame, in words and as bars: what is told follows from the counts."""

import pytest

from engine.figures.translation_decoding import NET, RIGHT, SEARCH, Width, blame_figure
from pages.ui.translation.blame import USUAL, WIDTHS, verdict


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (Width(4, 90, 0, 0), "nobody is to blame"),
        (Width(4, 80, 7, 3), "Mostly the **net** is to blame"),
        (Width(4, 80, 3, 7), "Mostly the **search** is to blame"),
        (Width(1, 80, 5, 5), "Mostly the **net**"),
    ],
)
def test_the_larger_part_of_what_is_wrong_at_the_widest_has_the_blame(width: Width, told: str) -> None:
    said = verdict([Width(1, 0, 90, 0), width])
    assert told in said
    if width.net + width.search:
        assert f"{width.net + width.search} are wrong" in said


def test_the_bars_of_a_width_add_up_to_all_pairs() -> None:
    widths = [Width(1, 50, 30, 20), Width(4, 60, 35, 5)]
    drawn = blame_figure(widths)
    by_name = {trace["name"]: trace for trace in drawn["data"]}
    assert by_name[RIGHT]["x"] == ["1 beam", "4 beams"]
    assert [by_name[name]["y"] for name in (RIGHT, NET, SEARCH)] == [[50, 60], [30, 35], [20, 5]]
    assert drawn["layout"]["barmode"] == "stack"
    assert len({trace["marker"]["pattern"]["shape"] for trace in drawn["data"]}) == 3, "told apart without colours"


def test_what_is_chosen_at_first_can_be_chosen() -> None:
    assert set(USUAL) <= set(WIDTHS)
