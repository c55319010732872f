"""What one takes away from a card: its numbers with all their digits, and its picture."""

import base64
import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.figures import language
from engine.language.kinds import kind_titles
from engine.language.spec import LanguageSpec
from tests.pages.live_panel.conftest import BOUNDARY, Screen, record
from tests.pages.live_panel.samples import UNITS, opening, sample_frame, sample_panels, scalars_at

STEP = 120


def taken(screen: Screen, panel: str, kind: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the file that a card's menu gives."""
    card = screen.get(f"panel-{panel}")
    card.scroll_into_view_if_needed()
    card.locator(".ls-take summary").click()
    with screen.page.expect_download() as download:
        screen.get(f"take-{kind}-{panel}").click()
    assert card.locator(".ls-take").get_attribute("open") is None
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def table(screen: Screen, panel: str) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a card's CSV."""
    name, data = taken(screen, panel, "csv")
    assert name == f"made-up-one-{panel}-{screen.shown}.csv"
    columns, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    return columns, rows


@pytest.fixture
def looking_back(screen: Screen) -> Screen:
    record(screen.harness, 30)
    screen.open()
    screen.until_step(290)
    screen.get("ls-scrubber").fill(str(STEP // 10))
    screen.until_step(STEP)
    return screen


def test_a_map_is_taken_as_its_cells_and_points_at_the_step_shown(looking_back: Screen) -> None:
    columns, rows = table(looking_back, "boundary")
    assert columns == ["x", "y", "value", "of"]
    frame, still = sample_frame(STEP), opening()
    cells = np.array([row[:3] for row in rows if row[3] == "boundary.value"], np.float64)
    x, y = np.meshgrid(still["axis.x"], still["axis.y"])
    expected = np.stack([x.ravel(), y.ravel(), frame["boundary.value"].ravel()], axis=1)
    np.testing.assert_array_equal(cells, expected.astype(np.float64))
    for part in ("train", "validation"):
        points = np.array([row[:3] for row in rows if row[3].startswith(part)], np.float64)
        expected = np.stack([still[f"points.{part}_{what}"] for what in ("x", "y", "label")], axis=1)
        np.testing.assert_array_equal(points, expected.astype(np.float64))
    assert len(rows) == 50 * 50 + 200


def test_curves_are_taken_at_all_steps_as_they_are_seen(looking_back: Screen) -> None:
    columns, rows = table(looking_back, "loss")
    assert columns == ["step", "loss", "val_loss"]
    expected = [[step, *scalars_at(step)[:2]] for step in range(0, 300, 10)]
    np.testing.assert_array_equal(np.array(rows, np.float64), expected)
    # What is hidden is not taken, and what is smoothed is.
    looking_back.get("panel-loss").get_by_role("button", name="val_loss").click()
    looking_back.get("smoothing-loss").fill("0.9")
    columns, rows = table(looking_back, "loss")
    assert columns == ["step", "loss", "loss smoothed 0.9"]
    mean = 0.0
    for count, (_, loss, smoothed) in enumerate(np.array(rows, np.float64), start=1):
        mean = 0.9 * mean + 0.1 * loss
        assert smoothed == pytest.approx(mean / (1 - 0.9**count), rel=1e-12)


def test_a_stack_of_layers_is_taken_before_its_logarithm(looking_back: Screen) -> None:
    columns, rows = table(looking_back, "update")
    assert columns == ["step", *(f"update.layers.{layer}" for layer in range(len(UNITS) - 1))]
    expected = [[step, *scalars_at(step)[-4:]] for step in range(0, 300, 10)]
    np.testing.assert_array_equal(np.array(rows, np.float64), expected)


def test_a_net_is_taken_as_its_weights_and_biases_by_their_names(looking_back: Screen) -> None:
    columns, rows = table(looking_back, "network")
    assert columns == ["tensor", "row", "column", "value"]
    frame = sample_frame(STEP)
    names = [f"layers.{layer}.{kind}" for layer in range(len(UNITS) - 1) for kind in ("weight", "bias")]
    assert list(dict.fromkeys(row[0] for row in rows)) == names
    for name in names:
        expected = np.atleast_2d(frame[f"weights.{name}"])
        found = np.full(expected.shape, np.nan)
        for _, row, column, value in (row for row in rows if row[0] == name):
            found[int(row), int(column)] = float(value)
        np.testing.assert_array_equal(found, expected.astype(np.float64))


def test_a_tensor_and_a_table_are_taken_as_they_stand(looking_back: Screen) -> None:
    looking_back.get("tensor-map").select_option("layers.1.weight")
    columns, rows = table(looking_back, "map")
    expected = sample_frame(STEP)["gradient_map.layers.1.weight"]
    assert {row[0] for row in rows} == {"layers.1.weight"}
    np.testing.assert_array_equal(np.array([row[3] for row in rows], np.float64), expected.ravel().astype(np.float64))
    assert rows[-1][1:3] == [str(expected.shape[0] - 1), str(expected.shape[1] - 1)]
    columns, rows = table(looking_back, "confusion")
    assert columns == ["true, told", "class 0", "class 1", "precision", "recall", "F1"]
    scores = sample_frame(STEP)["confusion.scores"].astype(np.float64)
    counts = sample_frame(STEP)["confusion.validation"]
    assert [row[0] for row in rows] == ["class 0", "class 1"]
    np.testing.assert_array_equal(np.array([row[1:] for row in rows], np.float64), np.hstack([counts, scores]))


def test_every_panel_says_how_its_numbers_are_read(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    for panel in sample_panels():
        columns, rows = table(screen, panel.id)
        assert rows, panel.id
        assert {len(row) for row in rows} == {len(columns)}, panel.id


def test_the_kinds_of_words_on_a_map_are_written_by_name(screen: Screen) -> None:
    screen.load()
    kinds = kind_titles(LanguageSpec())
    table = screen.page.evaluate(
        """async ([panel, kinds]) => {
            const { plotNumbers } = await import("/live/assets/test/plotnumbers.js");
            const tensor = (values) => ({ shape: [values.length], values: Float32Array.from(values) });
            const places = tensor(kinds.map((_, index) => index / 2));
            const opening = {
              header: { words: { symbols: kinds.map((kind) => `symbol ${kind}`).join("\\n") } },
              arrays: new Map([["text.kinds", tensor(kinds)]]),
            };
            const frame = { arrays: new Map([["map.x", places], ["map.y", places]]) };
            return plotNumbers(panel, { frame, all: [], recording: { opening } }, { hidden: new Set(), weight: 0 });
        }""",
        [language.map_panel(kinds).to_json(), [*kinds][::-1]],
    )
    rows = [[at / 2, at / 2, name, f"symbol {kind}"] for at, (kind, name) in enumerate([*kinds.items()][::-1])]
    assert table == {"columns": ["x", "y", "value", "of"], "rows": rows}


def test_text_in_a_table_cannot_become_a_formula(screen: Screen) -> None:
    screen.load()
    written = screen.page.evaluate(
        """async (rows) => {
            const { csvOf } = await import("/live/assets/test/csv.js");
            return csvOf({ columns: ["a", "b"], rows: [...rows, [NaN, Infinity], [-Infinity, -1e-300]] });
        }""",
        [["=1+1", "@x"], ["-2", 'quo"ted, so'], ["+", "two\nlines"], [0.1, 1e21], ["\t=1", "plain"]],
    )
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert read[1:6] == [
        ["'=1+1", "'@x"],
        ["'-2", 'quo"ted, so'],
        ["'+", "two\nlines"],
        ["0.1", "1e+21"],
        ["'\t=1", "plain"],
    ]
    assert read[6:] == [["nan", "inf"], ["-inf", "-1e-300"]]


def test_the_picture_of_a_plot_has_its_surface_its_curves_and_its_names(looking_back: Screen) -> None:
    looking_back.ask("harness.wear('dark')")
    name, data = taken(looking_back, "boundary", "svg")
    svg = data.decode()
    assert name == f"made-up-one-boundary-{STEP}.svg"
    assert set(re.findall(r"https?://[^\s\"')]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    surface = re.search(r'<image[^>]+xlink:href="data:image/png;base64,([A-Za-z0-9+/=]+)', svg)
    assert surface
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(surface[1]))).convert("RGB"), np.float64)
    side = len(sample_frame(STEP)["boundary.value"])
    places = [((np.arange(side) + 0.5) * size / side).astype(int) for size in pixels.shape[:2]]
    warm = (pixels[..., 0] - pixels[..., 2])[np.ix_(*places)][
        ::-1
    ]  # orange above, blue below; the first row is the lowest
    assert np.corrcoef(warm.ravel(), sample_frame(STEP)["boundary.value"].ravel())[0, 1] > 0.98
    assert len(re.findall(r'<path class="point', svg)) >= 200
    assert all(f">{words}<" in svg for words in ("Boundary, step 120", "class 0", "class 1"))
    assert "rgb(255, 255, 255)" in svg, "dark on white, whatever the page wears"
    # The page's own plot is as it was.
    assert looking_back.ask(f"{BOUNDARY}.data.length") == 3
    assert looking_back.ask(f"{BOUNDARY}._fullLayout.showlegend") is False
    curves = taken(looking_back, "loss", "svg")[1].decode()
    assert all(f">{word}<" in curves for word in ("Loss", "loss", "val_loss"))
    assert len(re.findall(r'class="trace scatter', curves)) == 2


def test_pictures_of_canvases_are_twice_as_fine_and_dark_on_white(looking_back: Screen) -> None:
    light = {panel: taken(looking_back, panel, "png") for panel in ("network", "map", "confusion")}
    looking_back.ask("harness.wear('dark')")
    for panel, (name, data) in light.items():
        assert name == f"made-up-one-{panel}-{STEP}.png"
        assert taken(looking_back, panel, "png")[1] == data, "a picture is the same whatever the page wears"
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        assert picture.getpixel((0, 0)) == picture.getpixel((picture.width - 1, picture.height - 1)) == (255, 255, 255)
        assert len(picture.getcolors(1 << 24) or []) > 20, panel
    wide = looking_back.ask("document.querySelector('[data-testid=panel-network] canvas').clientWidth")
    assert Image.open(io.BytesIO(light["network"][1])).width == 2 * (wide + 32)


def test_the_menu_is_reached_and_left_by_keyboard(screen: Screen) -> None:
    screen.open()
    summary = screen.get("panel-loss").locator(".ls-take summary")
    summary.focus()
    screen.press("Enter")
    screen.press("Tab")
    assert screen.ask("document.activeElement.textContent") == "Numbers (CSV)"
    screen.press("Escape")
    assert screen.ask("document.activeElement.getAttribute('aria-label')") == "Take Loss away"
    assert not screen.get("take-csv-loss").is_visible()
