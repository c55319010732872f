"""Cells on a plane: the plane is that of the largest variance, each point lies in the cell of its nearest centre, and
what a look into some cells finds is what brute force finds there.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.figures.cells import box, cells_figure
from engine.words.indexes.cells import CENTRES, Cells, borders, cells, hard_question, k_means, plane, probe
from tests.engine.words.compare.conftest import Make, names, unit
from tests.engine.words.indexes.test_measuring import in_groups


@pytest.fixture
def made(make: Make) -> Cells:
    return cells(make(names(300), in_groups(300)))


@pytest.mark.parametrize("shape", [(200, 12), (30, 50)])
def test_the_plane_is_that_of_the_first_two_components(shape: tuple[int, int]) -> None:
    from sklearn.decomposition import PCA

    vectors = np.random.default_rng(0).normal(size=shape) * np.linspace(3, 1, shape[1])
    theirs = PCA(2).fit_transform(vectors)
    ours = plane(vectors)
    for axis in (0, 1):
        assert np.abs(ours[:, axis]) == pytest.approx(np.abs(theirs[:, axis]), abs=1e-6)
        assert ours[:, axis].max() >= -ours[:, axis].min()


def test_the_words_are_drawn_at_length_one(make: Make) -> None:
    vectors = in_groups(150)
    vectors[3] = 0
    made = cells(make(names(150), vectors))
    assert 3 not in made.rows
    assert len(made.rows) == 149
    expected = plane(unit(np.delete(vectors, 3, axis=0).astype(float)))
    np.testing.assert_allclose(made.points, expected, atol=1e-5)


def test_each_point_lies_in_the_cell_of_its_nearest_centre_and_centres_are_in_the_middle(made: Cells) -> None:
    distances = np.linalg.norm(made.points[:, None] - made.centres[None], axis=2)
    assert made.cell.tolist() == distances.argmin(axis=1).tolist()
    spread = np.sqrt((distances.min(axis=1) ** 2).mean())
    begun = made.points[np.linspace(0, len(made.points) - 1, CENTRES).astype(int)]
    assert spread < 0.9 * np.sqrt((np.linalg.norm(made.points[:, None] - begun[None], axis=2).min(axis=1) ** 2).mean())


@pytest.mark.parametrize("count", [1, 3, CENTRES])
@pytest.mark.parametrize("place", [0, 77])
def test_a_look_into_some_cells_finds_what_lies_there(made: Cells, place: int, count: int) -> None:
    found = probe(made, place, count)
    distances = np.linalg.norm(made.points - made.points[place], axis=1)
    distances[place] = np.inf
    nearest = np.argsort(distances)[:10]
    assert set(found.nearest.tolist()) == set(nearest.tolist())
    looked = set(np.argsort(np.linalg.norm(made.centres - made.points[place], axis=1))[:count].tolist())
    assert set(found.cells.tolist()) == looked
    assert set(found.found.tolist()) == {one for one in nearest.tolist() if made.cell[one] in looked}
    assert found.looked_at == sum(cell in looked for cell in made.cell.tolist())
    if count == CENTRES:
        assert len(found.found) == 10


def test_the_question_to_begin_with_misses_most(made: Cells) -> None:
    least = len(probe(made, hard_question(made), 1).found)
    assert least == min(len(probe(made, place, 1).found) for place in range(200))
    assert least < 10


def test_borders_are_those_of_the_cells(made: Cells) -> None:
    left, bottom, right, top = box(made)
    polygons = borders(made, (left, bottom, right, top))

    def area(corners: np.ndarray) -> float:
        x, y = corners.T
        return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2

    assert sum(area(one) for one in polygons if len(one)) == pytest.approx((right - left) * (top - bottom))
    for cell, corners in enumerate(polygons):
        for corner in corners:  # no other centre is nearer to a corner than its own
            distances = np.linalg.norm(made.centres - corner, axis=1)
            assert distances[cell] <= distances.min() + 1e-9


@given(st.integers(0, 1_000))
def test_centres_of_points_that_coincide_are_no_error(seed: int) -> None:
    points = np.random.default_rng(seed).integers(0, 2, (100, 2)).astype(float)
    assert np.isfinite(k_means(points)).all()


def test_too_few_are_told(make: Make) -> None:
    with pytest.raises(DataError, match="99 words are too few"):
        cells(make(names(99), in_groups(99)))


def test_the_figure_shows_what_was_found_and_what_was_missed(made: Cells) -> None:
    place = hard_question(made)
    found = probe(made, place, 1)
    words = [f"<b>{one}</b>" for one in range(len(made.points))]
    by_name = {trace["name"]: trace for trace in cells_figure(made, found, place, words)["data"]}

    def shown(name: str) -> list[list[float]]:
        return sorted(map(list, zip(by_name[name]["x"], by_name[name]["y"], strict=True)))

    def points(places: list[int]) -> list[list[float]]:
        return sorted(made.points[places].tolist())

    missed = [one for one in found.nearest.tolist() if one not in found.found.tolist()]
    assert shown("Nearest, found") == points(found.found.tolist())
    assert shown("Nearest, missed") == points(missed)
    assert shown("Question") == points([place])
    inside = set(np.flatnonzero(made.cell == found.cells[0]).tolist())
    assert shown("Looked at") == points(sorted(inside - {place, *found.nearest.tolist()}))
    assert len(shown("Not looked at")) == 300 - len(inside | {place, *missed})
    assert by_name["Question"]["hovertext"] == [f"&lt;b&gt;{place}&lt;/b&gt;"]
