"""The library: sources by their id, opened in processes with limits, mapped once for everybody."""

import gzip
import json
import os
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.jobs import Course, Jobs, Order
from engine.words import reading
from engine.words.formats.stream import Stream
from engine.words.library import Library, forge
from engine.words.packaged import PACKAGED
from engine.words.sources import uploads
from engine.words.space import Space

PATIENCE = 60.0

GOOD = b"the 1 2 3\nof 4 5 6\nand 7 8 9\n"


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    started = forge()
    jobs = Jobs(started, at_once=4)
    yield jobs
    jobs.close()
    started.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the server that is offered: what lies in it, beside it, and links out of it."""
    place = tmp_path / "vectors"
    (place / "deep" / "er").mkdir(parents=True)
    (place / ".hidden").mkdir()
    (tmp_path / "secret.txt").write_bytes(GOOD)
    for name in ("good.txt", "deep/er/more.txt", ".dot.txt", ".hidden/inside.txt"):
        (place / name).write_bytes(GOOD)
    (place / "out.txt").symlink_to(tmp_path / "secret.txt")
    (place / "away").symlink_to(tmp_path)
    (place / "alias.txt").symlink_to(place / "good.txt")
    return place


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Library:
    return Library(tmp_path / "home", {"LEARNSCOPE_VECTORS": f"{folder}{os.pathsep}/nowhere"})


def opened(library: Library, jobs: Jobs, asked: str, limit: int | None = None) -> Space | Course:
    """Open a source as the page does, with patience."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = library.opened(jobs, asked, limit, "somebody")
        if isinstance(found, Space) or not found.live:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.01)


def ids(library: Library, owner: str = "somebody") -> list[str]:
    return [source.id for group in library.sources(owner) for source in group.sources]


@pytest.mark.parametrize("name", [one.name for one in PACKAGED if one.kind == "vectors"])
def test_what_is_packaged_is_opened_by_its_name_and_then_mapped_at_once(
    library: Library, jobs: Jobs, name: str
) -> None:
    asked = f"packaged:{name}"
    assert library.space(asked) is None
    space = opened(library, jobs, asked)
    assert isinstance(space, Space)
    assert library.space(asked) is space
    with Path(f"/proc/{os.getpid()}/maps").open() as maps:
        assert str(library.home / "words") in maps.read()  # mapped, not read
    assert asked in ids(library)
    assert library.source(asked).title


def test_every_listed_id_names_a_source(library: Library) -> None:
    uploads.keep(library.home, [GOOD], "mine.txt", "somebody")
    listed = ids(library)
    assert len(set(listed)) == len(listed) > 20
    assert [library.source(asked).id for asked in listed] == listed
    assert {asked.partition(":")[0] for asked in listed} == {"world", "packaged", "upload", "server", "catalogue"}


def test_the_files_of_the_servers_folders_are_listed_and_opened(library: Library, jobs: Jobs) -> None:
    listed = [asked for asked in ids(library) if asked.startswith("server:")]
    assert listed == ["server:vectors/alias.txt", "server:vectors/deep/er/more.txt", "server:vectors/good.txt"]
    space = opened(library, jobs, "server:vectors/deep/er/more.txt")
    assert isinstance(space, Space)
    assert list(space.words) == ["the", "of", "and"]
    assert space.provenance.source == "more.txt"


OUT = (
    "server:vectors/../secret.txt",
    "server:vectors/deep/../../secret.txt",
    "server:vectors//etc/passwd",
    "server:/etc/passwd",
    "server:vectors/out.txt",
    "server:vectors/away/secret.txt",
    "server:vectors/.dot.txt",
    "server:vectors/.hidden/inside.txt",
    "server:vectors/./good.txt",
    "server:vectors/deep",
    "server:vectors/",
    "server:vectors",
    "server:elsewhere/good.txt",
    "server:vectors/good.txt\0",
    "server:vectors/..\\secret.txt",
    f"server:vectors/{'x' * 5_000}",
    "upload:../../secret",
    "upload:AAAAAAAAAAAAAAAAAAAAAA",
    "upload:",
    "catalogue:../x",
    "catalogue:nothing",
    "packaged:nothing",
    "elsewhere:x",
    "",
    "/etc/passwd",
)


@pytest.mark.parametrize("asked", OUT)
def test_no_name_leads_elsewhere(library: Library, tmp_path: Path, asked: str) -> None:
    for ask in (library.source, library.space, library.order):
        with pytest.raises(DataError) as refused:
            ask(asked)
        said = str(refused.value)
        assert said.startswith("There are no ")
        assert len(said) < 300
        assert str(tmp_path) not in said


def test_a_file_whose_name_no_link_can_hold_is_left_out(library: Library, folder: Path) -> None:
    before = ids(library)
    deep = folder / ("d" * 200) / ("e" * 200)
    deep.mkdir(parents=True)
    (deep / "long.txt").write_bytes(GOOD)
    (folder / os.fsdecode(b"na\xefve.txt")).write_bytes(GOOD)
    assert ids(library) == before
    json.dumps(ids(library), ensure_ascii=False).encode()  # a page can say them all


def put_link(folder: Path) -> None:
    (folder / "deep" / "er" / "more.txt").unlink()
    (folder / "deep" / "er" / "more.txt").symlink_to(folder.parent / "secret.txt")


def put_folder(folder: Path) -> None:
    (folder / "deep").rename(folder.parent / "deep")
    (folder / "deep").symlink_to(folder.parent / "deep")


def put_pipe(folder: Path) -> None:
    (folder / "deep" / "er" / "more.txt").unlink()
    os.mkfifo(folder / "deep" / "er" / "more.txt")


@pytest.mark.parametrize("put", [put_link, put_folder, put_pipe], ids=["a link", "a folder", "a pipe"])
def test_what_takes_the_place_of_a_file_while_it_waits_for_its_turn_is_not_read(
    library: Library, jobs: Jobs, folder: Path, tmp_path: Path, put: Callable[[Path], None]
) -> None:
    order = library.order("server:vectors/deep/er/more.txt")
    put(folder)
    course = jobs.ask(order, "somebody")
    end = time.monotonic() + PATIENCE
    while (course := jobs.course(order) or course).live:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert course.state == "failed"
    assert "is no file" in course.message or "choose it again" in course.message
    assert str(tmp_path) not in course.message


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    stream = Stream(Path(__file__))
    os.mkfifo(tmp_path / "pipe")
    stream.path = tmp_path / "pipe"
    with pytest.raises(DataError, match="choose it again"):
        list(stream.chunks())


def test_without_the_variable_no_file_of_the_server_is_offered(tmp_path: Path) -> None:
    assert not [asked for asked in ids(Library(tmp_path, {})) if asked.startswith("server:")]


def test_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for place in ("a/vectors", "b/vectors"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / f"{place[0]}.txt").write_bytes(GOOD)
    named = os.pathsep.join(str(tmp_path / place / "vectors") for place in "ab")
    listed = [asked for asked in ids(Library(tmp_path, {"LEARNSCOPE_VECTORS": named})) if asked.startswith("server:")]
    assert listed == ["server:vectors/a.txt", "server:vectors-2/b.txt"]


def test_a_file_that_changes_is_another_space(library: Library, jobs: Jobs, folder: Path) -> None:
    asked = "server:vectors/good.txt"
    assert len(opened(library, jobs, asked)) == 3  # type: ignore[arg-type]
    (folder / "good.txt").write_bytes(GOOD + b"to 1 1 1\n")
    assert library.space(asked) is None
    assert len(opened(library, jobs, asked)) == 4  # type: ignore[arg-type]


def test_a_bad_file_is_told_in_a_sentence_and_asked_for_again_once_it_is_mended(
    library: Library, jobs: Jobs, folder: Path, tmp_path: Path
) -> None:
    (folder / "good.txt").write_bytes(b"no vectors at all\n")
    course = opened(library, jobs, "server:vectors/good.txt")
    assert isinstance(course, Course)
    assert course.message.startswith("good.txt is no file of vectors")
    assert str(tmp_path) not in course.message
    (folder / "good.txt").write_bytes(GOOD)
    assert isinstance(opened(library, jobs, "server:vectors/good.txt"), Space)


def test_what_ends_while_one_looks_is_opened(library: Library, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = uploads.keep(library.home, [b"one 1 2 3\ntwo 4 5 6\nsix 7 8 9\n"], "late.txt", "me")
    ask = jobs.ask

    def ask_late(order: Order, owner: str) -> Course:
        """Ask, and be back only when all is done."""
        while (course := ask(order, owner)).live:
            time.sleep(0.02)
        return course

    monkeypatch.setattr(jobs, "ask", ask_late)
    assert isinstance(library.opened(jobs, upload, None, "me"), Space)


def test_what_was_opened_and_deleted_is_opened_again(library: Library, jobs: Jobs, tmp_path: Path) -> None:
    assert isinstance(opened(library, jobs, "packaged:glove"), Space)
    for kept in (tmp_path / "home" / "words").iterdir():
        (kept / "provenance.json").unlink()
    other = Library(tmp_path / "home", {})
    assert isinstance(opened(other, jobs, "packaged:glove"), Space)


def rows_of(count: int, dimensions: int) -> bytes:
    numbers = " ".join(["0.125"] * dimensions).encode()
    return b"".join(b"w%d %s\n" % (number, numbers) for number in range(count))


def model_of(buckets: int) -> bytes:
    head = struct.pack("<2i12id", 793712314, 12, 50, 5, 5, 1, 5, 1, 2, 2, buckets, 3, 4, 100, 1e-4)
    words = struct.pack("<3i2q", 2, 2, 0, 30, -1) + b"".join(w + b"\0" + struct.pack("<qb", 9, 0) for w in (b"a", b"b"))
    return head + words + b"\0" + struct.pack("<2q", 2 + buckets, 50) + np.ones((2 + buckets, 50), "<f4").tobytes()


TOO_LARGE: dict[str, tuple[Callable[[], bytes], int]] = {
    "GloVe": (lambda: rows_of(12_000, 50), 4_300),
    "GloVe, gz": (lambda: gzip.compress(rows_of(12_000, 50)), 4_300),
    "word2vec text": (lambda: b"12000 50\n" + rows_of(12_000, 50), 4_300),
    "a header that promises too little": (lambda: b"9 50\n" + rows_of(12_000, 50), 4_300),
    "word2vec binary": (
        lambda: b"12000 50\n" + b"".join(b"w%d " % n + bytes(199) + b"\x3f" for n in range(12_000)),
        4_300,
    ),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_where_there_is_no_room_for_all_the_first_rows_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("LEARNSCOPE_WORDS_MB", "1")
    make, offered = TOO_LARGE[name]
    file = tmp_path / "large.txt"
    file.write_bytes(make())
    told = result(reading.order(file, file.name, tmp_path / "words" / "space", None))
    assert told["offer"] == offered
    assert told["words"].startswith("large.txt has ")
    assert "room for 1 MB" in told["words"]
    assert not list((tmp_path / "words").iterdir()), "something was kept"
    told = result(reading.order(file, file.name, tmp_path / "words" / "space", offered))
    assert told["rows"] == offered
    kept = sum(path.stat().st_size for path in (tmp_path / "words" / "space").iterdir())
    assert kept < 2**20 * 1.05


def test_a_model_whose_subwords_alone_are_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_WORDS_MB", "1")
    (tmp_path / "m.bin").write_bytes(model_of(10_000))
    with pytest.raises(DataError, match=r"^m\.bin needs 1.91 MB for its first row already, with all its subwords"):
        result(reading.order(tmp_path / "m.bin", "m.bin", tmp_path / "words" / "m", None))
    assert not list((tmp_path / "words").iterdir())


def test_a_file_that_fits_is_not_refused_by_what_its_header_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNSCOPE_WORDS_MB", "1")
    (tmp_path / "v.txt").write_bytes(b"3000000 300\n" + rows_of(1, 300))
    assert result(reading.order(tmp_path / "v.txt", "v.txt", tmp_path / "words" / "v", None))["rows"] == 1


def result(order: object) -> dict[str, object]:
    """Do the work of an order here and return its result."""
    import json

    from engine.jobs import Order

    assert isinstance(order, Order)
    work = reading.open_file(json.loads(order.arguments))
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
