"""The pictures of the labs' cards: each is what its lab draws now."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.figures.picture import discs, diverging
from engine.figures.spaces import COLOURS
from engine.figures.style import CLASS_COLOURS, DIVERGING
from engine.labs import generation_picture, index_picture, train_words_picture, transformers_picture, words_picture
from engine.labs.catalogue import LABS
from engine.labs.generation_experiment import GenerationExperiment
from engine.labs.lab import Lab
from engine.labs.pictures import DRAWN, main
from engine.labs.transformers_experiment import TransformersExperiment
from engine.words import world
from engine.words.corpora import corpus

PICTURES = Path(__file__).parents[3] / "assets" / "pictures"


def kept_picture(name: str) -> np.ndarray:
    """Return the picture that the repository has."""
    return np.asarray(Image.open(PICTURES / f"{name}.png")).astype(float)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("lab", [LABS["playground"]], ids=["playground"])
def test_the_picture_of_a_lab_is_what_it_draws(lab: Lab):
    drawn, kept = np.asarray(DRAWN[lab.name]()).astype(float), kept_picture(lab.name)
    assert drawn.shape == kept.shape
    # Another processor may round other last bits, which after so many steps can be seen at the edge of an area.
    assert np.abs(drawn - kept).mean() < 1.0, f"draw it anew: make pictures ({lab.name})"


def test_the_picture_of_words_is_what_their_lab_lays_out():
    """Other last bits can turn a whole map: told is that the words of a kind lie together, not where."""
    drawn, kept = np.asarray(DRAWN["words"]()), kept_picture("words")
    assert drawn.shape == kept.shape
    for picture in (drawn, kept):
        kinds = [np.all(np.abs(picture - list(bytes.fromhex(c[1:]))) < 8, axis=-1) for c in words_picture.COLOURS]
        assert min(of_it.sum() for of_it in kinds) > 120, "a kind is hardly seen"
        assert np.mean([spread(of_it) for of_it in kinds]) < 0.4 * spread(np.any(picture != 255, axis=-1))


def test_the_picture_of_indexes_is_what_is_found_in_cells():
    drawn, kept = np.asarray(DRAWN["index"]()).astype(float), kept_picture("index")
    assert drawn.shape == kept.shape
    assert np.abs(drawn - kept).mean() < 1.0, "draw it anew: make pictures (index)"
    for colour in (index_picture.FOUND, index_picture.MISSED, index_picture.QUESTION):
        assert np.all(np.abs(kept - list(bytes.fromhex(colour[1:]))) < 8, axis=-1).sum() > 60, (
            f"{colour} is hardly seen"
        )


def test_the_picture_of_trained_words_joins_their_pairs(monkeypatch: pytest.MonkeyPatch):
    """A line begins at each disc; where they lie depends on last bits. A part of the text is enough for that."""
    text = replace(corpus("world"), sentences=lambda: world.sentences(count=20_000))
    monkeypatch.setattr("engine.words.texts.cutting.corpus", lambda _: text)
    drawn, kept = np.asarray(DRAWN["train_words"]()), kept_picture("train_words")
    assert drawn.shape == kept.shape
    for picture in (drawn, kept):
        for colour in CLASS_COLOURS[: len(train_words_picture.PAIRS)]:
            of_it = np.all(np.abs(picture - list(bytes.fromhex(colour[1:]))) < 8, axis=-1)
            assert of_it.sum() > 60, f"{colour} is hardly seen"


def test_the_picture_of_compared_words_joins_the_places_of_each_word():
    """As many discs in one colour as in the other; where they lie depends on last bits."""
    drawn, kept = np.asarray(DRAWN["compare_words"]()), kept_picture("compare_words")
    assert drawn.shape == kept.shape
    for picture in (drawn, kept):
        first, second = (
            np.all(np.abs(picture - list(bytes.fromhex(colour[1:]))) < 8, axis=-1).sum() for colour in COLOURS[:2]
        )
        assert min(first, second) > 20 * 36, "the words of a space are hardly seen"
        assert first == pytest.approx(second, rel=0.35)


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_every_picture_is_described(lab: Lab):
    assert lab.picture.alt.endswith(".")


def spread(of_it: np.ndarray) -> float:
    """Return how far pixels lie from their middle, on average."""
    places = np.argwhere(of_it)
    return float(np.linalg.norm(places - places.mean(axis=0), axis=1).mean())


def test_every_picture_is_drawn_by_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert {path.stem for path in PICTURES.iterdir()} == set(DRAWN)
    monkeypatch.setattr("engine.labs.pictures.DRAWN", {"one": lambda: Image.new("RGB", (3, 2), "red")})
    main(tmp_path / "new")
    assert np.asarray(Image.open(tmp_path / "new" / "one.png")).tolist() == [[[255, 0, 0]] * 3] * 2


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


def test_the_picture_of_generation_is_darker_where_somebody_speaks():
    """Its text begins inside a quotation; letters are dark in either case, so told is by what is not."""
    picture = kept_picture("generation")
    rows, columns = picture.shape[0] // 5, picture.shape[1] / generation_picture.COLUMNS
    experiment = GenerationExperiment(generation_picture.SPEC)
    held_out = experiment.text.vocabulary.decode(experiment.text.held_out)
    place = generation_picture.SPEC.place
    strength: dict[int, list[float]] = {0: [], 1: []}
    for at in range(120):
        row, column = divmod(at, generation_picture.COLUMNS)
        corner = picture[row * rows + 2, int(column * columns) + 2]
        strength[held_out[: place + at + 1].count('"') % 2].append(float(255 - corner[2]))
    inside, outside = sorted(strength.values(), key=np.mean, reverse=True)
    assert min(len(inside), len(outside)) > 20
    assert np.mean(inside) > 1.5 * np.mean(outside)


def test_the_picture_of_transformers_has_a_stripe_where_the_letter_came_before():
    """In the second row, in each tile: who asks looks one place behind where its letter stood a period ago."""
    picture, experiment = kept_picture("transformers"), TransformersExperiment(transformers_picture.SPEC)
    read = experiment.prepared.made.read[experiment.prepared.validation[0]]
    period = next(at for at in range(1, 32) if read[at] == read[0])
    tile, room = transformers_picture.TILE, transformers_picture.ROOM
    left, top = (1_000 - 4 * (tile + room) + room) // 2, (400 - 2 * (tile + room) + room) // 2 + tile + room
    cell = tile / 32
    for head in range(4):
        shades = np.array(
            [
                [picture[int(top + (row + 0.5) * cell), int(left + head * (tile + room) + (at + 0.5) * cell), 0]
                 for at in range(32)]
                for row in range(32)
            ]
        )  # fmt: skip
        looked = [shades[row + period, (row + 1) % period :: period].min() for row in range(32 - period)]
        assert np.mean(looked) < 60, "dark at one of the places behind the same letter"
        assert shades[np.triu_indices(32, 1)].min() > 240, "nobody looks ahead"
