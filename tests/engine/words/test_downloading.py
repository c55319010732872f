"""Downloads of the catalogue from a server of our own that does what it should, and what it should not."""

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from engine.errors import DataError
from engine.jobs import Jobs, Progress
from engine.keeping import LEAVE_FREE
from engine.keeping import downloading as keeping
from engine.words.library import Library, forge
from engine.words.sources import catalogue, downloading
from engine.words.sources.catalogue import CATALOGUE, Published
from engine.words.space import Space

ROWS = 40_000
DATA = gzip.compress(b"".join(b"w%d %d.5 1 2\n" % (n, n * 7919 % 1000) for n in range(ROWS)))
ONE = Published("small", "Small", len(DATA), hashlib.md5(DATA, usedforsecurity=False).hexdigest(), ROWS, 3, "ours")


class Elsewhere(ThreadingHTTPServer):
    """``does`` says what it answers with; ``asked`` are the paths and ranges that it was asked for."""

    does: Callable[["Answer"], None]
    asked: ClassVar[list[tuple[str, str | None]]] = []
    daemon_threads = True


class Answer(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Range"]))
        self.server.does(self)

    def send(self, data: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def whole(answer: Answer) -> None:
    """Answer as a server does that knows of ranges."""
    wanted = answer.headers["Range"]
    if wanted is None:
        answer.send(DATA)
    else:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        answer.send(DATA[start:], 206, Content_Range=f"bytes {start}-{len(DATA) - 1}/{len(DATA)}")


def without_ranges(answer: Answer) -> None:
    answer.send(DATA)


def cut(answer: Answer) -> None:
    answer.send(DATA[: len(DATA) // 3], length=len(DATA))
    answer.close_connection = True


def sent_on(address: str) -> Callable[[Answer], None]:
    return lambda answer: answer.send(b"", 302, Location=address)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    server = Elsewhere(("127.0.0.1", 0), Answer)
    server.does, Elsewhere.asked = whole, []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("LEARNSCOPE_CATALOGUE", f"http://127.0.0.1:{server.server_address[1]}/files")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(catalogue, "CATALOGUE", {**CATALOGUE, "small": ONE})
    yield server
    server.shutdown()
    server.server_close()


def fetch(path: Path, one: Published = ONE) -> list[Progress]:
    return list(downloading.fetched(one, path))


def refused(path: Path, one: Published = ONE) -> str:
    with pytest.raises(DataError) as error:
        fetch(path, one)
    said = str(error.value)
    assert said.startswith(f"{one.name} ") or said.startswith(f"The download of {one.name} ")
    assert said.endswith(".")
    assert str(path.parent) not in said
    assert not path.exists(), "what is not right is kept as if it were"
    return said


def test_what_is_published_is_downloaded_once_checked_and_opened(elsewhere: Elsewhere, tmp_path: Path) -> None:
    library = Library(tmp_path, {})
    assert library.space("catalogue:small") is None
    order = library.order("catalogue:small", 100)
    work = downloading.open_published({"name": "small", "home": str(library.home), "limit": 100})
    told = list(work)
    assert order.work.endswith("downloading:open_published")
    space = library.space("catalogue:small", 100)
    assert space is not None
    assert len(space) == 100
    assert space.provenance.sha256 == hashlib.sha256(DATA).hexdigest()
    assert elsewhere.asked == [("/files/small/small.gz", None)]
    shares = [one.share for one in told if one.share is not None]
    assert shares
    assert all(0 <= share <= 1 for share in shares)
    assert "downloaded" in told[0].words
    list(downloading.open_published({"name": "small", "home": str(library.home), "limit": None}))
    assert len(elsewhere.asked) == 1, "it was downloaded again"
    assert [path.name for path in (tmp_path / "words-downloads").iterdir()] == ["small.gz"]


def test_what_was_cut_off_goes_on_where_it_was(elsewhere: Elsewhere, tmp_path: Path) -> None:
    path = tmp_path / "small.gz"
    elsewhere.does = cut
    said = refused(path)
    assert "was cut off after " in said
    assert "goes on from there" in said
    elsewhere.does = whole
    fetch(path)
    assert elsewhere.asked[-1] == ("/files/small/small.gz", f"bytes={len(DATA) // 3}-")
    assert path.read_bytes() == DATA
    assert [one.name for one in tmp_path.iterdir()] == ["small.gz"]


def test_a_server_without_ranges_is_asked_from_the_beginning(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.does = cut
    refused(tmp_path / "small.gz")
    elsewhere.does = without_ranges
    fetch(tmp_path / "small.gz")
    assert (tmp_path / "small.gz").read_bytes() == DATA


def test_what_has_another_sum_is_not_kept(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.does = lambda answer: answer.send(DATA[:-9] + b"!" + DATA[-8:])
    assert "its sum (md5) is not the one" in refused(tmp_path / "small.gz")
    assert not list(tmp_path.iterdir())
    elsewhere.does = whole
    fetch(tmp_path / "small.gz")


def test_what_is_larger_than_told_is_not_kept(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.does = lambda answer: answer.send(DATA + bytes(2**20))
    assert f"is larger than the {len(DATA):,} bytes that its publisher tells" in refused(tmp_path / "small.gz")
    assert (tmp_path / "small.gz.part").stat().st_size == 0


def test_bytes_are_kept_as_they_were_sent(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.does = lambda answer: answer.send(DATA, Content_Encoding="gzip")
    fetch(tmp_path / "small.gz")
    assert (tmp_path / "small.gz").read_bytes() == DATA


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/small.gz",
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/small.gz",
        "https://10.0.0.1/small.gz",
        "https://192.168.1.1/small.gz",
        "https://[::1]/small.gz",
        "https://[fe80::1]/small.gz",
        "https://0.0.0.0/small.gz",
        "https://localhost/small.gz",
        "https:///small.gz",
        "http://127.0.0.1:9/small.gz",
    ],
)
def test_nobody_is_sent_on_to_what_is_not_public(elsewhere: Elsewhere, tmp_path: Path, address: str) -> None:
    elsewhere.does = sent_on(address)
    assert "sent on to an address that is not public" in refused(tmp_path / "small.gz")
    assert len(elsewhere.asked) == 1


def test_one_is_sent_on_within_the_place_of_the_catalogue_but_not_for_ever(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    def once(answer: Answer) -> None:
        (whole if answer.path == "/moved" else sent_on("/moved"))(answer)

    elsewhere.does = once
    fetch(tmp_path / "small.gz")
    assert (tmp_path / "small.gz").read_bytes() == DATA
    elsewhere.does = sent_on("/again")
    assert "sent on and on" in refused(tmp_path / "other.gz")


def test_without_a_connection_it_is_said_so(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.shutdown()
    elsewhere.server_close()
    said = refused(tmp_path / "small.gz")
    assert "no connection to 127.0.0.1" in said
    assert "can be opened without one" in said


def test_what_is_not_there_is_told(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.does = lambda answer: answer.send(b"no", 404)
    assert "127.0.0.1 answered 404" in refused(tmp_path / "small.gz")


def test_a_full_disk_is_told(elsewhere: Elsewhere, tmp_path: Path) -> None:
    (tmp_path / "small.gz.part").symlink_to("/dev/full")
    assert "could not be kept on the server's disk: No space left" in refused(tmp_path / "small.gz")
    assert not list(tmp_path.iterdir())


def test_nothing_is_downloaded_that_would_fill_the_disk(
    elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = LEAVE_FREE + len(DATA) - 1
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda _: SimpleNamespace(free=room))
    assert "the server's disk has room for" in refused(tmp_path / "small.gz")
    assert not Elsewhere.asked


def test_two_who_ask_at_once_download_once(elsewhere: Elsewhere, tmp_path: Path) -> None:
    """Somebody wants all of it and somebody its first rows: these are two orders, and one file."""
    first = downloading.fetched(ONE, tmp_path / "small.gz")
    next(first)
    second = downloading.fetched(ONE, tmp_path / "small.gz")
    assert "for somebody else" in next(second).words
    list(first)
    list(second)
    assert len(elsewhere.asked) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["small.gz"]


def test_a_download_is_called_off_as_any_job(
    elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, which ends; what has come of it stays."""
    gone = threading.Event()

    def slowly(answer: Answer) -> None:
        try:
            answer.send(bytes(8 << 20), length=CATALOGUE["glove-wiki-gigaword-50"].bytes)
            while not gone.is_set():
                answer.wfile.write(bytes(1000))
                time.sleep(0.01)
        except OSError:
            gone.set()

    elsewhere.does = slowly
    library = Library(tmp_path, {})
    started = forge()
    jobs = Jobs(started)
    order = library.order("catalogue:glove-wiki-gigaword-50")
    try:
        course = jobs.ask(order, "somebody")
        end = time.monotonic() + 60
        while course is None or course.progress is None or (course.progress.share or 0) < 0.03:
            assert time.monotonic() < end, course
            assert course is None or course.live, course
            time.sleep(0.01)
            course = jobs.course(order)
        jobs.leave(order, "somebody")
        assert jobs.course(order) is None
        assert gone.wait(30), "it is still being downloaded"
        assert (tmp_path / "words-downloads" / "glove-wiki-gigaword-50.gz.part").stat().st_size > 2**20
    finally:
        jobs.close()
        started.close()
    assert not isinstance(library.space("catalogue:glove-wiki-gigaword-50"), Space)


def test_the_catalogue_is_as_its_publisher_tells_it() -> None:
    for name, one in CATALOGUE.items():
        assert one.name == name
        assert len(bytes.fromhex(one.md5)) == 16
        assert name.endswith(f"-{one.dimensions}")
        assert one.bytes > one.rows * one.dimensions  # no number takes less than a byte, packed
    assert len({one.md5 for one in CATALOGUE.values()}) == len(CATALOGUE)
    assert catalogue.BASE.startswith("https://")
