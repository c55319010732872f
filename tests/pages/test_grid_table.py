"""A grid as a table: its words can be read on every colour, and what comes from outside stays text."""

import re

import pytest

from pages.ui.grid_table import GridCell, colours, grid_table, luminance


@pytest.mark.parametrize("value", [place / 50 for place in range(51)])
def test_words_stand_out_from_their_cell(value: float):
    paper, ink = ([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours(value))
    dark, light = sorted((luminance(paper), luminance(ink)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_lightness_grows_with_the_value():
    shades = [luminance([int(colours(place / 20)[0][at : at + 2], 16) for at in (1, 3, 5)]) for place in range(21)]
    assert shades == sorted(shades)
    assert colours(-1) == colours(0)
    assert colours(2) == colours(1)


def test_a_table_has_heads_links_and_places_that_nothing_is_known_of():
    known = GridCell(0.5, "50%", "12", "half of them", {"units": "2,2", "dataset": "xor"}, 2)
    table = grid_table("About it.", ("layers", "units"), ("1", "2"), (("0", (known,)), ("1", (GridCell(), GridCell()))))
    assert "<caption>About it.</caption>" in table
    assert re.findall(r'<th scope="col">(.)</th>', table) == ["1", "2"]
    assert re.findall(r'<th scope="row">(.)</th>', table) == ["0", "1"]
    assert 'href="?units=2%2C2&amp;dataset=xor" target="_blank" title="half of them"' in table
    assert table.count("not trained yet") == 2
    assert table.count('colspan="2"') == 2


def test_nothing_becomes_markup():
    evil = "<img src=x onerror='alert(1)'>\""
    cell = GridCell(1.0, evil, evil, evil, {evil: evil})
    table = grid_table(evil, (evil, evil), (evil,), ((evil, (cell,)),))
    assert "<img" not in table
    assert "onerror='" not in table
