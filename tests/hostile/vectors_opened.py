"""Files of vectors as an enemy would write them: each is opened as the server does it, by order and within limits.

Beside each, somebody else opens a good one at the same time, which has to come out well.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.jobs import Course, Jobs, Order
from engine.words import reading, storing
from engine.words.formats.stream import Stream
from engine.words.library import Library
from engine.words.sources import uploads
from engine.words.space import Space
from tests.hostile.vectors import GOOD

PATIENCE = 60.0

FEWER = "there are fewer than 3 numbers"

Contents = bytes | Iterable[bytes] | Callable[[Path], bytes | Iterable[bytes]]
"""A file's bytes, or what makes them; given the home, in which a directory ``hacked`` shows that code was run."""


def refused(make: Contents, sentence: str, name: str = "v.txt", most: int = 0):
    """Return the check that a file is refused with ``sentence``, and that nothing of it is kept.

    With ``most``, also that it took no more than so many megabytes of memory.
    """

    def check(home: Path, openings: Jobs) -> None:
        found, others = _opened(home, openings, make, name)
        assert isinstance(found, Course), f"{name} was opened"
        said = found.message or str((found.result or {})["words"])
        assert said.startswith(sentence), said
        assert_is_a_sentence(said, home)
        assert _kept(home) == {others}, "something was half kept"
        if most:
            _assert_memory(home, openings, most)

    return check


def loaded(
    make: Contents,
    rows: int = 3,
    dropped: dict[str, tuple[int, int]] | None = None,
    note: str = "",
    name: str = "v.txt",
    words: Iterable[str] = (),
    also: Callable[[Space], None] = lambda _: None,
    most: int = 0,
):
    """Return the check that a strange file is opened all the same: so many ``rows`` of it, those left out counted by
    reason with where the first stood, and the ``words`` among its own.
    """

    def check(home: Path, openings: Jobs) -> None:
        found, others = _opened(home, openings, make, name)
        assert isinstance(found, Space), found.message or found.result
        record = found.provenance
        assert len(found) == rows
        assert {one.why: (one.count, one.first) for one in record.dropped} == (dropped or {})
        assert note in " ".join(record.notes)
        assert bool(record.notes) == bool(note), record.notes
        assert set(words) <= set(found.words)
        assert np.isfinite(found.vectors).all()
        assert np.isfinite([score for _, score in found.neighbours(next(_with_direction(found)), k=9)]).all()
        also(found)
        assert len(_kept(home)) == 2
        assert not [folder for folder in _kept(home) if folder.startswith(".")], "a draft was left"
        assert others in _kept(home)
        if most:
            _assert_memory(home, openings, most)

    return check


def assert_is_a_sentence(said: str, home: Path) -> None:
    """Check that one reads what was wrong, in a sentence and without a path of the server."""
    assert said.endswith("."), said
    assert len(said) < 400, said
    assert not [mark for mark in ("Traceback", "/tmp", str(home), ".py", "Error", "\n") if mark in said], said
    assert said.isprintable(), said


def _opened(home: Path, openings: Jobs, make: Contents, name: str) -> tuple[Space | Course, str]:
    """Open a file that one uploads, and beside it a good one of another; return what became of the first, and where
    the other's space is kept.
    """
    library = Library(home, {})
    made = make(home) if callable(make) else make
    bad = uploads.keep(home, [made] if isinstance(made, bytes) else made, name, "person-a")
    good = uploads.keep(home, [GOOD], "good.txt", "person-b")
    library.opened(openings, bad, None, "person-a")
    theirs = _waited_for(library, openings, good, "person-b")
    assert isinstance(theirs, Space), "the other's file was not opened"
    assert theirs.vectors.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    folder = library.folder(good)
    assert folder is not None
    return _waited_for(library, openings, bad, "person-a"), folder.name


def refused_at_once(contents: bytes, sentence: str):
    """Return the check that an upload is refused before anybody opens it, and that nothing of it is kept."""

    def check(home: Path) -> None:
        with pytest.raises(DataError) as error:
            uploads.keep(home, [contents], "v.txt", "person-a")
        assert str(error.value).startswith(sentence)
        assert_is_a_sentence(str(error.value), home)
        assert not [path for path in home.rglob("*") if path.is_file()]

    return check


def refused_on_the_server(contents: bytes, sentence: str):
    """Return the check that a file in a folder of the server is refused."""

    def check(home: Path, openings: Jobs) -> None:
        (home / "vectors").mkdir()
        (home / "vectors" / "v.txt").write_bytes(contents)
        library = Library(home, {"LEARNSCOPE_VECTORS": str(home / "vectors")})
        found = _waited_for(library, openings, "server:vectors/v.txt", "person-a")
        assert isinstance(found, Course)
        assert found.message.startswith(sentence), found.message
        assert_is_a_sentence(found.message, home)
        assert not _kept(home)

    return check


def nothing_is_read_here(home: Path, openings: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a file, the process of the server reads none of its bytes."""

    def read(*_: object) -> None:
        raise AssertionError("a file was read in the process of the server")

    monkeypatch.setattr(Stream, "chunks", read)
    monkeypatch.setattr(storing, "write_folder", read)
    loaded(GOOD)(home, openings)


def beyond_its_limits(work: str, sentence: str):
    """Return the check that work which goes wrong is ended in a sentence, by the limits that openings have."""

    def check(home: Path, openings: Jobs) -> None:
        order = Order.of(f"tests.hostile.openers:{work}", folder=str(home))
        assert _done(openings, order).message.startswith(sentence)
        loaded(GOOD)(home, openings)

    return check


def _assert_memory(home: Path, openings: Jobs, most: int) -> None:
    """Open the same again, and see how much it takes."""
    file = next(source for source in uploads.listed(home, "person-a"))
    path = uploads.found(home, file.id).path
    arguments = json.loads(reading.order(path, "v.txt", home / "again" / "space", None).arguments)
    _done(openings, Order.of("tests.hostile.openers:open_file", **arguments, peak=str(home / "peak")))
    taken = int((home / "peak").read_text())
    assert taken < most << 20, f"it took {taken >> 20} MB"


def _done(openings: Jobs, order: Order) -> Course:
    deadline = time.monotonic() + PATIENCE
    course = openings.ask(order, "person-c")
    while course and course.live:
        assert time.monotonic() < deadline, course
        time.sleep(0.005)
        course = openings.course(order)
    assert course
    return course


def _waited_for(library: Library, openings: Jobs, asked: str, owner: str) -> Space | Course:
    deadline = time.monotonic() + PATIENCE
    while True:
        found = library.opened(openings, asked, None, owner)
        if isinstance(found, Space) or not found.live:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.005)


def _kept(home: Path) -> set[str]:
    """Return all that is kept of spaces: of files of the server, and beside each upload."""
    places = [home / "words", *(home / uploads.FOLDER).glob(f"*/{uploads.SPACES}")]
    return {path.name for place in places if place.is_dir() for path in place.iterdir()}


def _with_direction(space: Space) -> Iterator[str]:
    return (word for word, inverse in zip(space.words, space.inverse_norms, strict=True) if inverse)


def without_direction(word: str) -> Callable[[Space], None]:
    """Return the check that a word has no part in what is told of cosines."""

    def check(space: Space) -> None:
        assert word in space
        assert len(space.neighbours("the", k=99)) == len(space) - 2
        assert word not in dict(space.neighbours("the", k=99))

    return check


def is_at(word: str, *vector: float) -> Callable[[Space], None]:
    """Return the check that a word has this vector."""

    def check(space: Space) -> None:
        assert space.vector(word).tolist() == list(vector)

    return check


def similar(a: str, b: str, cosine: float) -> Callable[[Space], None]:
    """Return the check that two words have this cosine."""

    def check(space: Space) -> None:
        assert space.similarity(a, b) == pytest.approx(cosine)
        assert dict(space.neighbours(a, k=99))[b] == pytest.approx(cosine)

    return check
