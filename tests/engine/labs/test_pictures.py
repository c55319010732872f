"""The pictures of the labs' cards: each is what its lab draws now."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.figures.picture import discs, diverging
from engine.figures.style import DIVERGING
from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.labs.pictures import main

PICTURES = Path(__file__).parents[3] / "assets" / "pictures"


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_the_picture_of_a_lab_is_what_it_draws(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.labs.pictures.LABS", {lab.name: lab})
    threads = torch.get_num_threads()
    main(tmp_path)
    torch.set_num_threads(threads)
    drawn, kept = (np.asarray(Image.open(folder / f"{lab.name}.png")).astype(float) for folder in (tmp_path, PICTURES))
    assert drawn.shape == kept.shape
    # Another processor may round other last bits, which after so many steps can be seen at the edge of an area.
    assert np.abs(drawn - kept).mean() < 1.0, f"draw it anew: make pictures ({lab.name})"
    assert lab.picture.alt.endswith(".")


def test_there_is_no_picture_without_a_lab():
    assert {path.name for path in PICTURES.iterdir()} == {f"{name}.png" for name in LABS}


def test_numbers_become_blue_or_orange_and_zero_lets_the_page_through():
    picture = np.asarray(diverging(np.array([[-1.0, -0.5, 0.0], [0.5, 1.0, 9.0]]), 1.0, strongest=1.0))
    blue, orange = (tuple(bytes.fromhex(colour[1:])) for colour in DIVERGING)
    assert [tuple(pixel[:3]) for pixel in picture[1, :2]] == [blue, blue], "the first row is the lowest"
    assert [tuple(pixel[:3]) for pixel in picture[0]] == [orange] * 3
    assert picture[..., 3].tolist() == [[128, 255, 255], [255, 128, 0]]


def test_discs_lie_where_they_belong():
    picture = np.asarray(discs((40, 20), np.array([[10.0, 5.0], [30.0, 15.0]]), DIVERGING, 4.0))
    for (x, y), colour in zip(((10, 5), (30, 15)), DIVERGING, strict=True):
        assert tuple(picture[y, x]) == (*bytes.fromhex(colour[1:]), 255)
    assert picture[15, 10, 3] == picture[5, 30, 3] == 0
