"""Maps over their pictures: each number in its place, one scale for both signs, and as large as the picture."""

import numpy as np
import pytest

from engine.figures.why import ascent_figure, forgetting_figure, map_figure, picture_figure

CHANCE = np.random.default_rng(0)
PICTURE = CHANCE.integers(0, 256, (8, 12, 3), np.uint8)


@pytest.mark.parametrize("shape", [(8, 12), (4, 3), (1, 1), (5, 7)])
def test_a_map_has_its_numbers_and_covers_the_picture(shape: tuple[int, int]) -> None:
    values = CHANCE.normal(size=shape)
    behind, drawn = map_figure(values, PICTURE)["data"]
    assert drawn["z"] == values.tolist()
    assert (drawn["zmin"], drawn["zmax"]) == (-abs(values).max(), abs(values).max())
    middle = {colour for place, colour in drawn["colorscale"] if place == 0.5}
    assert all(colour.endswith(",0)") for colour in middle), "0 lets the picture through"
    rows, columns = shape
    for begin, step, count, side in ((drawn["x0"], drawn["dx"], columns, 12), (drawn["y0"], drawn["dy"], rows, 8)):
        assert begin - step / 2 == pytest.approx(0.5)
        assert begin + step * (count - 0.5) == pytest.approx(side + 0.5)
    assert drawn["customdata"][rows - 1][columns - 1] == [rows, columns]
    np.testing.assert_allclose(behind["z"], PICTURE.mean(axis=2))


def test_a_map_of_nothing_has_a_scale_too() -> None:
    _, drawn = map_figure(np.zeros((8, 12)), PICTURE)["data"]
    assert (drawn["zmin"], drawn["zmax"]) == (-1, 1)


def test_pictures_are_grey_or_coloured() -> None:
    (grey,) = picture_figure(PICTURE[..., :1])["data"]
    assert (grey["type"], grey["z"], grey["zmin"], grey["zmax"]) == ("heatmap", PICTURE[..., 0].tolist(), 0, 255)
    (coloured,) = picture_figure(PICTURE)["data"]
    assert (coloured["type"], coloured["z"]) == ("image", PICTURE.tolist())


def test_curves_begin_at_what_was_learnt_and_name_their_layers() -> None:
    drawn = forgetting_figure(["head", "<b>c1"], {"Saliency": [0.5, None], "Occlusion": [0.9, -0.2]})
    assert [one["y"] for one in drawn["data"]] == [[1.0, 0.5, None], [1.0, 0.9, -0.2]]
    assert drawn["data"][0]["x"] == ["as it learnt", "head", "&lt;b&gt;c1"]
    rising, best = ascent_figure([0.0, 1.0, 3.0], 2.0)["data"]
    assert (rising["x"], rising["y"]) == ([0, 1, 2], [0.0, 1.0, 3.0])
    assert (best["x"], best["y"]) == ([0, 2], [2.0, 2.0])
