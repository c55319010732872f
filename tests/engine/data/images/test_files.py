"""Files of images: IDX and CIFAR-10's binary form, as others write them, and all that may be wrong with them."""

import gzip
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine.data.images import cifar, idx, packed
from engine.data.images.image_set import ImageSet, joined
from engine.errors import DataError


def written(numbers: np.ndarray) -> bytes:
    """Return an IDX file of bytes."""
    return struct.pack(f">HBB{numbers.ndim}I", 0, idx.BYTE, numbers.ndim, *numbers.shape) + numbers.tobytes()


IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
LABELS = np.array([7, 0], np.uint8)


@given(arrays(np.uint8, array_shapes(max_dims=4, min_side=0, max_side=6)), st.booleans(), st.integers(0, 3))
def test_idx_is_read_as_it_was_written(numbers: np.ndarray, zipped: bool, zeros: int) -> None:
    data = gzip.compress(written(numbers)) + bytes(zeros) if zipped else written(numbers)
    found = idx.read(data, "images.gz")
    assert found.shape == numbers.shape
    assert np.array_equal(found, numbers)


def test_images_and_labels_are_one_set() -> None:
    found = idx.image_set("MNIST", idx.read(written(IMAGES), "images"), idx.read(written(LABELS), "labels"))
    assert (found.shape, len(found)) == ((1, 3, 4), 2)
    assert np.array_equal(found.pixels[:, 0], IMAGES)
    assert [found.classes[label] for label in found.labels] == ["7", "0"]
    with pytest.raises(ValueError, match="read-only"):
        found.pixels[0] = 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is no IDX file"),
        (b"\0\0\x08", "is no IDX file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "is no IDX file"),
        (b"\0\0\x0d\x01" + bytes(8), "holds numbers of type 13: expected type 8"),
        (b"\0\0\x08\0", "tells 0 dimensions: expected 1 for labels, or 3 for images"),
        (b"\0\0\x08\xff" + bytes(2_000), "tells 255 dimensions"),
        (written(IMAGES)[:9], "ends within its sizes"),
        (written(IMAGES)[:-1], r"tells 2 x 3 x 4 = 24 bytes: expected as many after that, received 23"),
        (written(IMAGES) + b"\0", "received 25"),
        (struct.pack(">HBB3I", 0, 8, 3, *[2**32 - 1] * 3), "received 0"),
        (gzip.compress(written(IMAGES))[:-9], "is cut: its gzip data ends too soon"),
        (gzip.compress(written(IMAGES))[:20] + b"xyz" * 20, "is damaged"),
        (gzip.compress(written(IMAGES)) + b"more", "something that is not gzip follows"),
    ],
    ids=lambda one: one if isinstance(one, str) else len(one),  # not by its bytes: gzip writes the time into them
)
def test_what_is_wrong_with_an_idx_file_is_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as raised:
        idx.read(data, "train-images")
    assert str(raised.value).startswith("train-images ")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_BYTES", 2**20)
    asked: list[int] = []
    unpack = zlib.decompressobj

    class Watched:
        def __init__(self, *arguments: int) -> None:
            self.inner = unpack(*arguments)

        def decompress(self, data: bytes, most: int) -> bytes:
            found = self.inner.decompress(data, most)
            asked.append(len(found))
            return found

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

    monkeypatch.setattr(packed.zlib, "decompressobj", Watched)
    bomb = gzip.compress(bytes(2**20), 9) * 3
    with pytest.raises(DataError, match="too large: expected at most 1 MB"):
        packed.unpacked(bomb, "bomb.gz", packed.MAX_BYTES)
    assert sum(asked) == 2**20 + 1


def test_large_files_that_are_not_packed_are_refused_too() -> None:
    assert packed.unpacked(bytes(10), "small", 10) == bytes(10)
    with pytest.raises(DataError, match="too large"):
        packed.unpacked(bytes(11), "large", 10)


def test_images_without_their_labels_are_told_apart() -> None:
    with pytest.raises(DataError, match="received 1; are these the labels"):
        idx.image_set("MNIST", LABELS, LABELS)
    with pytest.raises(DataError, match="received 3; are these the images"):
        idx.image_set("MNIST", IMAGES, IMAGES)
    with pytest.raises(DataError, match="has 2 images and 3 labels"):
        idx.image_set("MNIST", IMAGES, np.zeros(3, np.uint8))
    with pytest.raises(DataError, match="a label of 7: expected 0 to 4"):
        idx.image_set("MNIST", IMAGES, LABELS, tuple("abcde"))
    with pytest.raises(DataError, match="expected at least one"):
        idx.image_set("MNIST", IMAGES[:0], LABELS[:0])


def record(label: int, red: int, green: int, blue: int) -> bytes:
    return bytes([label]) + b"".join(bytes([colour]) * 32 * 32 for colour in (red, green, blue))


def test_records_of_cifar() -> None:
    rows = np.zeros((3, 32, 32), np.uint8)
    rows[1, 2, 5] = 99  # green, third row, sixth column
    found = cifar.read(record(3, 1, 2, 3) + bytes([9]) + rows.tobytes(), "data_batch_1.bin")
    assert (found.shape, found.labels.tolist()) == ((3, 32, 32), [3, 9])
    assert found.pixels[0, :, 0, 0].tolist() == [1, 2, 3]
    assert np.argwhere(found.pixels[1]).tolist() == [[1, 2, 5]]
    assert found.classes[3] == "cat"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no file of CIFAR-10's: expected records of 3,073 bytes, received 0"),
        (record(0, 1, 1, 1)[:-1], "received 3,072"),
        (record(10, 1, 1, 1), "a label of 10: expected 0 to 9"),
    ],
)
def test_what_is_wrong_with_a_file_of_cifar(data: bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        cifar.read(data, "data_batch_1.bin")


def test_batches_are_joined_in_their_order() -> None:
    one, two = cifar.read(record(1, 0, 0, 0), "one"), cifar.read(record(2, 9, 9, 9) * 2, "two")
    both = joined("CIFAR-10", [one, two])
    assert both.labels.tolist() == [1, 2, 2]
    assert both.pixels[:, 0, 0, 0].tolist() == [0, 9, 9]
    grey = ImageSet("grey", IMAGES[:, None], np.zeros(2, np.int64), cifar.CLASSES)
    with pytest.raises(DataError, match=r"one has images of \(3, 32, 32\) in 10 classes, grey of \(1, 3, 4\) in 10"):
        joined("both", [one, grey])


@pytest.mark.parametrize(
    "pixels", [np.zeros((2, 2, 4, 4), np.uint8), np.zeros((2, 4, 4), np.uint8), np.zeros((2, 1, 4, 4), np.float32)]
)
def test_a_set_is_bytes_with_one_or_three_channels(pixels: np.ndarray) -> None:
    with pytest.raises(DataError, match=r"expected bytes of shape \(images, 1 or 3 channels, height, width\)"):
        ImageSet("A set", pixels, np.zeros(2, np.int64), ("a",))
