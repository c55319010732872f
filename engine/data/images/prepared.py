"""Images ready for a net: of one size, split, with numbers around 0, and with the labels that the net is told."""

from dataclasses import dataclass

import numpy as np

from engine.data.images.digits import digits
from engine.data.images.glyphs import Distortion, glyphs
from engine.data.images.halves import few, half, other
from engine.data.images.image_set import ImageSet, framed, resized
from engine.data.images.reading import drained, reading
from engine.data.images.spec import DRAWN, MOST, OWN, SIDE, ImagesSpec
from engine.errors import DataError
from engine.seeds import numpy_generator

WRITTEN_SIDE = 22
"""Of these, pixels that a handwritten digit may fill: strokes at the border would come under few kernels."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A set of ``images``, which rows are for ``train`` and which for ``validation``, (n,) int64 each, and the labels
    that are ``told`` of all, (images,) int64: some of the training images may have wrong ones.

    ``mean`` and ``deviation`` (channels,), from 0 dark to 1 bright, were measured on the training images alone: on
    those of all classes, however few are learnt. So a net that knows one half of the classes takes the other as it did
    the first.
    """

    images: ImageSet
    train: np.ndarray
    validation: np.ndarray
    told: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray

    def inputs(self, pixels: np.ndarray) -> np.ndarray:
        """Return what a net takes, float32, for bytes (n, channels, height, width)."""
        scaled = pixels / np.float32(255)
        return (scaled - self.mean[:, None, None]) / self.deviation[:, None, None]


def prepare(spec: ImagesSpec) -> Prepared:
    """Return the images of ``spec``; raises DataError where they cannot be learnt from."""
    return narrowed(whole(spec), spec)


def left_out(spec: ImagesSpec) -> Prepared:
    """Return the images of the half of the classes that ``spec`` leaves out, for training all that are not held out.

    Raises DataError where these cannot be learnt from.
    """
    return prepare(spec.replace(classes=other(spec.classes), train_images=MOST))


def whole(spec: ImagesSpec) -> Prepared:
    """Return the images of all classes, all that are not held out for training, with their true labels."""
    images, held = _own(spec) if spec.images == OWN else (_images(spec), 0)
    train, validation = _split(spec, len(images), held)
    learnt = images.pixels[train].astype(np.float32) / 255
    mean, deviation = (measure(learnt, axis=(0, 2, 3)).astype(np.float32) for measure in (np.mean, np.std))
    deviation = np.where(deviation > 0, deviation, np.float32(1))
    return Prepared(images, train, validation, images.labels, mean, deviation)


def narrowed(found: Prepared, spec: ImagesSpec) -> Prepared:
    """Return of the ``whole`` the classes and as many training images as ``spec`` asks for, some with wrong labels.

    Raises DataError where too few are left.
    """
    images, train, validation = found.images, found.train, found.validation
    if spec.classes != "all":
        images, train, validation = _half(found, spec)
    train = few(images.labels, train, spec.train_images, numpy_generator(spec.data_seed, "images", "examples"))
    told = _told(spec, images.labels, train)
    return Prepared(images, train, validation, told, found.mean, found.deviation)


def _half(found: Prepared, spec: ImagesSpec) -> tuple[ImageSet, np.ndarray, np.ndarray]:
    """Return the images of half of the classes, which are counted from 0, and the rows of both parts among them."""
    whole = found.images
    places = half(whole.classes, spec.classes, whole.title)
    wanted = np.array(places)
    rows = np.flatnonzero(np.isin(whole.labels, wanted))
    train, validation = (
        np.searchsorted(rows, part[np.isin(whole.labels[part], wanted)]) for part in (found.train, found.validation)
    )
    classes = whole.classes[places.start : places.stop]
    title = f"{whole.title}, {classes[0]} to {classes[-1]}"
    if len(train) < 2 or not len(validation):
        raise DataError(
            f"{title}: expected at least two images to learn from and one held out, found {len(train)} and "
            f"{len(validation)}: choose another share for training, or more images."
        )
    return ImageSet(title, whole.pixels[rows], whole.labels[rows] - places.start, classes), train, validation


def _split(spec: ImagesSpec, count: int, held: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows for training and for validation; the last ``held`` are a test part that came with the others."""
    if held:
        return np.arange(count - held), np.arange(count - held, count)
    order = numpy_generator(spec.data_seed, "images", "split").permutation(count)
    cut = min(max(round(count * spec.train_share), 2), count - 1)
    return np.sort(order[:cut]), np.sort(order[cut:])


def _images(spec: ImagesSpec) -> ImageSet:
    alphabet = DRAWN.get(spec.images)
    if alphabet is None:
        return framed(resized(digits(), WRITTEN_SIDE), SIDE)
    distortion = Distortion(float(spec.glyph_rotation), float(spec.glyph_shift), spec.glyph_noise)
    return glyphs(alphabet, spec.samples, spec.data_seed, distortion)


def _own(spec: ImagesSpec) -> tuple[ImageSet, int]:
    """Return images that a person has brought, at most ``spec.own_most``, and how many of the last are a test part.

    Of the test part as large a share is taken as of the others. Raises DataError where they are not here any more.
    """
    found = drained(reading(spec))
    record, generator = found.record, numpy_generator(spec.data_seed, "images", "most")
    first = record.images - record.held
    held = min(record.held, max(1, round(min(spec.own_most, record.images) * record.held / record.images)))
    learnt = min(first, max(2, spec.own_most - held))
    rows = [generator.permutation(first)[:learnt], first + generator.permutation(record.held)[:held]]
    chosen = np.concatenate([np.sort(part) for part in rows])
    labels = found.labels[chosen].astype(np.int64)
    return ImageSet(record.title, np.ascontiguousarray(found.pixels[chosen]), labels, record.classes), held


def _told(spec: ImagesSpec, labels: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Return the labels, those of a share of the training images dealt out anew among these images."""
    generator = numpy_generator(spec.data_seed, "images", "labels")
    chosen = generator.permutation(train)[: round(len(train) * spec.wrong_labels)]
    told = labels.copy()
    told[chosen] = labels[generator.permutation(chosen)]
    told.flags.writeable = False
    return told
