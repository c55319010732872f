"""Sets of images that others have published: where their files lie, and with which sums."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.data.images import idx
from engine.errors import DataError
from engine.keeping import short
from engine.keeping.downloading import Wanted

KIND = "published:"
BASE_NAMED_BY = "LEARNSCOPE_IMAGE_CATALOGUE"
FOLDER = "images-downloads"
OTHERWISE = "handwritten digits and those that the app draws can be learnt without one"


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name, so many bytes, the MD5 that its publisher gives."""

    name: str
    bytes: int
    md5: str


@dataclass(frozen=True, slots=True)
class Published:
    """A set: its ``files`` lie below ``address``. ``classes`` are those of its labels, where its files do not say."""

    name: str
    title: str
    about: str
    address: str
    files: tuple[File, ...]
    classes: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """Return how many there are to download."""
        return sum(file.bytes for file in self.files)

    def folder(self, home: Path) -> Path:
        """Return where it is kept once it is here."""
        return home / FOLDER / self.name

    def missing(self, home: Path) -> list[File]:
        """Return the files that are not here yet."""
        return [file for file in self.files if not (self.folder(home) / file.name).is_file()]

    def wanted(self, file: File) -> Wanted:
        """Return what is to be downloaded: from below ``LEARNSCOPE_IMAGE_CATALOGUE``, or where it is published."""
        elsewhere = os.environ.get(BASE_NAMED_BY, "").rstrip("/")
        base = f"{elsewhere}/{self.name}" if elsewhere else self.address
        return Wanted(file.name, f"{base}/{file.name}", file.bytes, file.md5, base, OTHERWISE)


MNIST = Published(
    "mnist",
    "MNIST",
    "70,000 handwritten digits, 28 x 28, grey (LeCun, Cortes, Burges)",
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    (
        File("train-images-idx3-ubyte.gz", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        File("train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        File("t10k-images-idx3-ubyte.gz", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        File("t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    ),
    idx.DIGITS,
)
FASHION = Published(
    "fashion",
    "Fashion-MNIST",
    "70,000 pieces of clothing, 28 x 28, grey (arXiv 1708.07747)",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
    (
        File("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        File("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        File("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        File("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
    idx.FASHION,
)
CIFAR = Published(
    "cifar10",
    "CIFAR-10",
    "60,000 photographs of ten things, 32 x 32, in colour (Krizhevsky 2009)",
    "https://www.cs.toronto.edu/~kriz",
    (File("cifar-10-binary.tar.gz", 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530"),),
)
PUBLISHED: Mapping[str, Published] = MappingProxyType({one.name: one for one in (MNIST, FASHION, CIFAR)})


def published(asked: str) -> Published:
    """Return what an id names; raises DataError."""
    one = PUBLISHED.get(asked.removeprefix(KIND))
    if one is None:
        raise DataError(f"There are no images {short(asked)!r} to be downloaded: expected {', '.join(PUBLISHED)}.")
    return one


def classes_of(md5s: frozenset[str]) -> tuple[str, ...]:
    """Return the classes of a set that somebody has brought, if one of its files is a published one."""
    known = (one.classes for one in PUBLISHED.values() if md5s & {file.md5 for file in one.files})
    return next(known, ())
