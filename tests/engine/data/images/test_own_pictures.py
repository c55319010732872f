"""Pictures of many kinds become images of one kind; what is wrong with one is told of that one."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import quarantine
from engine.data.batch import packed, unpacked
from engine.data.images import gathering, pictures
from engine.data.layout import arranged
from engine.errors import DataError
from tests.hostile import images as i


def told(image: Image.Image, form: str = "PNG", **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **how)
    return file.getvalue()


def halves(left: int, right: int, size: tuple[int, int] = (8, 8)) -> Image.Image:
    width, height = size
    pixels = np.full((height, width), left, np.uint8)
    pixels[:, width // 2 :] = right
    return Image.fromarray(pixels)


def test_a_picture_of_the_size_wanted_stays_as_it_is() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    made = pictures.read(told(Image.fromarray(pixels)), 8, "colour")
    assert np.array_equal(made, pixels.transpose(2, 0, 1))
    grey = np.rint(pixels @ np.array([0.299, 0.587, 0.114]))  # ITU-R BT.601
    assert np.abs(pictures.read(told(Image.fromarray(pixels)), 8, "grey")[0] - grey).max() <= 1


def test_sixteen_bits_become_eight() -> None:
    levels = (np.arange(64) * 1_040).astype(np.uint16).reshape(8, 8)
    made = pictures.read(told(Image.fromarray(levels)), 8, "grey")
    assert np.array_equal(made[0], levels // 257)
    assert made.max() == 254


def test_what_lets_the_paper_through_lies_on_black() -> None:
    image = halves(200, 200).convert("RGBA")
    image.putalpha(halves(255, 0))
    for form in ("PNG", "WEBP"):
        made = pictures.read(told(image, form, **({"lossless": True} if form == "WEBP" else {})), 8, "grey")
        assert (made[0, :, 0].tolist(), made[0, :, 7].tolist()) == ([200] * 8, [0] * 8)
    palette = halves(0, 1).copy()
    palette = palette.convert("P")
    palette.putpalette([200, 200, 200, 90, 90, 90])
    made = pictures.read(told(palette, "GIF", transparency=1), 8, "grey")
    assert (made[0, 0, 0], made[0, 0, 7]) == (200, 0)


def test_a_picture_stands_as_its_camera_was_held() -> None:
    image = halves(255, 0)
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned a quarter clockwise: what was left is above
    made = pictures.read(told(image, "PNG", exif=exif), 8, "grey")
    assert (made[0, 0].tolist(), made[0, 7].tolist()) == ([255] * 8, [0] * 8)


def test_nonsense_about_a_camera_does_no_harm() -> None:
    data = told(halves(255, 0), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\x63\xff\xff\xff\xff" * 3)
    assert pictures.read(data, 8, "grey").shape == (1, 8, 8)


def test_of_one_that_moves_the_first_image_counts() -> None:
    frames = [Image.new("L", (8, 8), shade) for shade in (10, 200, 90)]
    for form in ("GIF", "WEBP", "PNG"):
        data = told(frames[0], form, save_all=True, append_images=frames[1:])
        assert abs(int(pictures.read(data, 8, "grey").mean()) - 10) <= 2, form


def test_of_one_that_is_not_square_the_middle_is_taken() -> None:
    pixels = np.zeros((8, 24), np.uint8)
    pixels[:, 8:16] = 255
    assert (pictures.read(told(Image.fromarray(pixels)), 8, "grey") == 255).all()
    assert (pictures.read(told(Image.fromarray(pixels.T.copy())), 8, "grey") == 255).all()


def test_a_batch_comes_back_row_by_row() -> None:
    good = [i.picture(shade) for shade in (3, 200)]
    batch = packed([(data, 0, len(data), -1) for data in (good[0], b"x", good[1])])
    value, arrays = quarantine.read("engine.data.images.pictures:parse", batch, "m.zip", "8", "grey")
    assert value == {"dropped": [[1, "is no picture"]], "done": 3}
    assert arrays["rows"].tolist() == [0, 2]
    assert arrays["pixels"].mean(axis=(1, 2, 3)).tolist() == [3, 200]


@pytest.mark.parametrize(("method", "size", "crc"), [(0, 9, -1), (0, 8, 5), (8, 8, -1)])
def test_what_is_not_what_its_archive_says_is_damaged(method: int, size: int, crc: int) -> None:
    with pytest.raises(DataError, match="is damaged"):
        unpacked(b"\xff" * 8, method, size, crc)
    assert unpacked(b"\xff" * 8, 0, 8, -1) == b"\xff" * 8


def test_classes_are_the_outermost_folders_in_which_pictures_differ() -> None:
    one = arranged([("cat", "1"), ("dog", "2"), ("cat", "deep", "3"), ("4",)])
    assert one == (("cat", "dog"), [0, 1, 0, -1])
    assert arranged([("all", "of", *path) for path in (("b", "1"), ("a", "2"))]) == (("a", "b"), [1, 0])
    assert arranged([("cat", "1"), ("cat", "2")]) == (("cat",), [0, 0])
    assert arranged([("a\x00", "1"), ("a\x01", "2"), ("\x02", "3")]).classes == ("?", "a", "a-2")


def test_one_that_brings_its_reader_to_an_end_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    asked, bad = quarantine.read, i.picture(77)

    def read(reader: str, data: bytes, name: str, *arguments: str):
        if "pictures" in reader and bad in data:
            raise DataError("m.zip brought its reader to an end: it is damaged, or too large to be read.")
        return asked(reader, data, name, *arguments)

    monkeypatch.setattr(quarantine, "read", read)
    files = {**i.pictures(each=5), "cat/x.png": bad}
    found = i.packed(tmp_path, {"m.zip": i.archive(files, method=0)})
    assert found.record.images == 10
    assert found.record.told_dropped() == (
        "1 of 11 pictures could not be read: first: cat/x.png brings its reader to an end."
    )
    by_label = [found.pixels[found.labels == label].mean(axis=(1, 2, 3)).tolist() for label in (0, 1)]
    assert by_label == [[40, 41, 42, 43, 44], [200, 201, 202, 203, 204]]
    monkeypatch.setattr(gathering, "MOST_FAILURES", 1)
    with pytest.raises(DataError, match="brought its reader to an end"):
        i.packed(tmp_path, {"n.zip": i.archive({**files, "dog/y.png": i.picture(9)}, method=0)})


def test_pictures_that_take_long_are_read_in_more_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", -1.0)
    data = i.picture()
    batch = packed([(data, 0, len(data), -1)] * 3)
    value, arrays = pictures.parse(batch, "m.zip", "8", "grey")
    assert (value["done"], len(arrays["pixels"])) == (1, 1)
