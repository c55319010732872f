"""What one takes away from a map: coordinates with all digits, the view as a picture and as SVG, chosen words."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from pages.ui.words.map_scores import Score, offered
from tests.pages.pointmap.conftest import CANVAS, HOOKS, Screen
from tests.pages.pointmap.samples import HOSTILE, Sample, sample

SVG = "{http://www.w3.org/2000/svg}"


def taken(screen: Screen, kind: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the file that the menu gives."""
    screen.get("ls-map-take").locator("summary").click()
    with screen.page.expect_download() as download:
        screen.get(f"ls-map-take-{kind}").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("dimensions", [2, 3])
def test_coordinates_are_taken_as_they_are(screen: Screen, flat: Sample, deep: Sample, dimensions: int) -> None:
    made = flat if dimensions == 2 else deep
    screen.show(made)
    name, data = taken(screen, "csv")
    assert name == "map-pca-coordinates.csv"
    columns, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    axes = ["x", "y", "z"][:dimensions]
    assert columns == ["word", *axes, "row", "cluster", "cluster_label", "neighbours_kept", "frequency", "chosen"]
    by_column = dict(zip(columns, zip(*rows, strict=True), strict=True))
    assert list(by_column["word"]) == made.words
    positions = np.stack([np.array(by_column[axis], np.float64) for axis in axes], axis=1)
    np.testing.assert_array_equal(positions, made.positions.astype(np.float64))
    numbers = {"row": made.rows, "cluster": made.clusters, "neighbours_kept": made.kept, "frequency": made.frequency}
    for column, values in numbers.items():
        np.testing.assert_array_equal(np.array(by_column[column], np.float64), values.astype(np.float64))
    labels = made.header()["cluster_labels"]
    assert list(by_column["cluster_label"]) == [labels[cluster] for cluster in made.clusters]
    assert set(by_column["chosen"]) == {"0"}


def test_a_score_that_was_looked_at_is_taken_too_and_words_are_no_formulas(screen: Screen) -> None:
    words = ["=1+1", "+x", "-y", "@z", 'quo"te', "com,ma", HOSTILE]
    made = sample(60, words=words)
    key = screen.show(made)
    values = np.linspace(-1, 1, 60)
    values[3] = np.nan
    screen.update(scores=offered(key, [Score("he to she", values, "he", "she", 0.0)]))
    screen.get("ls-map-colour").select_option(label="he to she")
    screen.until(lambda: "−1" in screen.get("ls-map-key").inner_text())
    assert screen.get("ls-map-key").inner_text().split("\n")[0] == "he −1.00"
    assert "not known" in screen.get("ls-map-key").inner_text()
    _, data = taken(screen, "csv")
    columns, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    assert [row[0] for row in rows][:6] == ["'=1+1", "'+x", "'-y", "'@z", 'quo"te', "com,ma"]
    score = np.array([row[columns.index("he to she")] for row in rows], np.float64)
    np.testing.assert_array_equal(score, values.astype(np.float32).astype(np.float64))


def test_chosen_words_are_taken_as_text(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-take").locator("summary").click()
    screen.get("ls-map-take-chosen").click()
    said = screen.get("ls-map-take").locator("[role=status]")
    assert said.inner_text() == "No words are chosen: draw a lasso around some, or choose them in the table."
    screen.press("Escape")
    screen.get("ls-map-key").get_by_role("button").first.click()
    name, data = taken(screen, "chosen")
    assert name == "map-pca-words.txt"
    assert data.decode().splitlines() == [flat.words[index] for index in screen.hook("chosen")]


def test_the_view_is_taken_as_svg(screen: Screen) -> None:
    made = sample(
        200,
        words=[
            HOSTILE,
            "<b>&amp;",
            "a\x00\x0bb",
            "日本",
            "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        ],
    )
    screen.show(made, title=HOSTILE, look={"view": None, "word": HOSTILE, "colour": "cluster", "chosen": []})
    screen.rest()
    name, data = taken(screen, "svg")
    assert name == "map-pca-view.svg"
    root = ElementTree.fromstring(data)
    places = screen.places()
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    radius = screen.hook("stage.radius")
    inside = ((places > -radius) & (places < [width + radius, height + radius])).all(axis=1)
    circles = np.array([[float(c.get("cx")), float(c.get("cy"))] for c in root.iter(f"{SVG}circle")])
    assert len(circles) == inside.sum() > 3
    key = np.lexsort(np.rint(places[inside] * 100).T)
    np.testing.assert_allclose(circles[np.lexsort(np.rint(circles * 100).T)], places[inside][key], atol=0.011)
    lines = list(root.iter(f"{SVG}line"))
    assert len(lines) == 15
    ends = [[float(line.get("x2")), float(line.get("y2"))] for line in lines]
    np.testing.assert_allclose(ends, places[made.neighbours[0]], atol=0.011)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts[0] == HOSTILE
    written = [
        label["text"].replace("\x00", "\ufffd").replace("\x0b", "\ufffd") for label in screen.hook("stage.written")
    ]
    assert set(written) <= set(texts)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "rect",
        "text",
        "clipPath",
        "g",
        "circle",
        "line",
    }


def test_the_view_is_taken_as_a_picture_dark_on_white(screen: Screen, flat: Sample) -> None:
    screen.show(flat, theme="dark")
    name, data = taken(screen, "png")
    assert name == "map-pca-view.png"
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    assert picture.shape[:2] == (2 * (height + 56), 2 * (width + 32))
    assert tuple(picture[2, 2]) == (255, 255, 255)
    places = screen.places()
    distances = np.linalg.norm(places[:, None] - places[None], axis=2) + 1e9 * np.eye(flat.count)
    written = [
        (label["left"] - 4, label["top"], label["width"] + 8, label["height"]) for label in screen.hook("stage.written")
    ]
    names = [(name["left"], name["top"], name["width"], name["height"]) for name in screen.hook("stage.names")]
    lone = [
        index
        for index in np.flatnonzero(distances.min(axis=1) > 14)
        if not any(x <= places[index][0] <= x + w and y <= places[index][1] <= y + h for x, y, w, h in written + names)
    ]
    assert len(lone) > 20
    inked = [picture[round(2 * (y + 40)), round(2 * (x + 16))].min() < 200 for x, y in places[lone]]
    assert all(inked)
    assert (picture.min(axis=2) > 250).mean() > 0.6, "mostly paper"
    assert screen.ask(f"{HOOKS}.stage.theme.dark") is True, "the page stays dark"
