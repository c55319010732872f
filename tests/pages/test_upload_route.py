"""Uploads of vectors: who may, what is kept, what is told where nothing is."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from starlette.applications import Starlette

from engine.words.packaged import packaged
from engine.words.sources import uploads
from pages.ui.live_routes import live_routes
from pages.ui.rights import MapRight, UploadRight
from pages.ui.words import upload_route
from tests.browser import PATIENCE

PATH = "/live/words/upload"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def put(data: bytes, token: str, name: str = "mine.txt", *, cut_off: bool = False, sizes: str = "") -> tuple[int, dict]:
    """Send a file in pieces, as a browser does; return the status and what is said."""
    pieces = [data[start : start + 65_536] for start in range(0, len(data), 65_536)] or [b""]
    coming: list[dict] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    coming.append({"type": "http.disconnect"} if cut_off else {"type": "http.request", "body": b"", "more_body": False})
    answer: dict = {"body": b""}

    async def receive() -> dict:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        answer.update({key: message[key] for key in ("status",) if key in message})
        answer["body"] += message.get("body", b"")

    headers = [(b"x-learnscope-right", token.encode()), (b"x-learnscope-name", name.encode())]
    headers += [(b"x-learnscope-sizes", sizes.encode())] if sizes else []
    scope = {"type": "http", "method": "PUT", "path": PATH, "query_string": b"", "headers": headers, "root_path": ""}
    asyncio.run(Starlette(routes=list(live_routes()))(scope, receive, send))  # type: ignore[arg-type]
    return answer["status"], json.loads(answer["body"])


def test_what_is_sent_is_kept_for_whoever_sent_it(home: Path):
    data = packaged("glove").path.read_bytes()
    status, said = put(data, UploadRight("session-a").token(), "..%2F..%2Fmine%20%3Cb%3E.txt")
    assert status == 200
    assert uploads.found(home, said["id"]).path.read_bytes() == data
    assert said["id"] in {one.id for one in uploads.listed(home, "session-a")}
    assert not list(uploads.listed(home, "session-b"))
    assert "/" not in uploads.found(home, said["id"]).name


def test_without_a_right_nothing_is_kept(home: Path):
    for token in ("", "x" * 200, MapRight("a" * 32, "session-a").token(), UploadRight("person-else").token()):
        status, said = put(b"a 1 2", token)
        assert (status, "reload it" in said["error"]) == (403, True)


def test_what_is_too_large_is_told_and_leaves_nothing(home: Path, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 1_000)
    status, said = put(bytes(2**20), UploadRight("session-c").token())
    assert status == 400
    assert "mine.txt is too large" in said["error"]
    assert not list(uploads.listed(home, "session-c"))
    status, said = put(b"", UploadRight("session-c").token())
    assert (status, "is empty" in said["error"]) == (400, True)


def test_what_is_cut_off_leaves_nothing(home: Path):
    status, said = put(b"a 1 2\n" * 50_000, UploadRight("session-d").token(), cut_off=True)
    assert (status, "cut off" in said["error"]) == (400, True)
    assert not list(uploads.listed(home, "session-d"))
    assert not [path for path in home.rglob("*") if path.is_file() and path.stat().st_size > 100_000]


class Sender:
    """Somebody who sends a file as slowly as they like; ``status`` and ``said`` are there once it was answered."""

    def __init__(self, person: str, length: int | None = None) -> None:
        self.status, self.said = 0, ""
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        headers = [(b"x-learnscope-right", UploadRight(person).token().encode()), (b"x-learnscope-name", b"mine.txt")]
        headers += [(b"content-length", str(length).encode())] if length else []
        scope = {"type": "http", "method": "PUT", "path": PATH, "query_string": b"", "headers": headers}
        app = Starlette(routes=list(live_routes()))
        self.task = asyncio.create_task(app(scope, self._receive, self._send))  # type: ignore[arg-type]

    def send(self, piece: bytes | None) -> None:
        """Send a piece; None is the end."""
        self._pieces.put_nowait(piece)

    async def _receive(self) -> dict:
        piece = await self._pieces.get()
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def _send(self, message) -> None:
        self.status = message.get("status", self.status)
        self.said += message.get("body", b"").decode()


def test_who_sends_nothing_is_not_waited_for(home: Path, monkeypatch):
    monkeypatch.setattr(upload_route, "PATIENCE_SECONDS", 0.3)

    async def scene() -> None:
        silent, trickling = Sender("session-a"), Sender("session-b")
        for _ in range(40):
            trickling.send(b"a")
            await asyncio.sleep(0.02)
        await asyncio.wait_for(asyncio.gather(silent.task, trickling.task), PATIENCE)
        for one in (silent, trickling):
            assert (one.status, "mine.txt came too slowly" in one.said) == (400, True)

    asyncio.run(scene())
    assert not upload_route._coming
    assert not list((home / "words-uploads").iterdir())


def test_nobody_is_kept_out_by_those_who_send_slowly(home: Path):
    async def scene() -> None:
        crowd = [Sender(f"session-{number}") for number in range(upload_route.AT_ONCE)]
        for number, one in enumerate(crowd):
            one.send(b"a" * (number + 1))
        async with asyncio.timeout(PATIENCE):
            while sorted(one.bytes for one in upload_route._coming) != list(range(1, upload_route.AT_ONCE + 1)):
                await asyncio.sleep(0.01)
        late = Sender("session-late")
        await late.task
        assert (late.status, "try again in a minute" in late.said) == (503, True)
        for one in upload_route._coming:
            one.began -= 2 * upload_route.PATIENCE_SECONDS
        good = Sender("session-good")
        good.send(b"a 1 2")
        good.send(None)
        await asyncio.wait_for(good.task, PATIENCE)
        assert good.status == 200
        await asyncio.wait_for(crowd[0].task, PATIENCE)
        assert [one.status for one in crowd] == [400] + [0] * (len(crowd) - 1), "the slowest makes room"
        assert "others are uploading" in crowd[0].said
        for one in crowd[1:]:
            one.send(None)
        await asyncio.wait_for(asyncio.gather(*(one.task for one in crowd)), PATIENCE)
        assert {one.status for one in crowd[1:]} == {200}

    asyncio.run(scene())


def test_a_person_sends_one_file_at_a_time(home: Path):
    async def scene() -> None:
        first = Sender("session-a")
        first.send(b"a 1 2")
        await asyncio.sleep(0.1)
        second = Sender("session-a")
        second.send(b"b 1 2")
        second.send(None)
        await asyncio.wait_for(asyncio.gather(first.task, second.task), PATIENCE)
        assert (first.status, "begun to upload another" in first.said) == (400, True)
        assert second.status == 200

    asyncio.run(scene())
    assert len(list(uploads.listed(home, "session-a"))) == 1


def test_a_server_that_ends_waits_for_no_upload(home: Path):
    async def scene() -> None:
        one = Sender("session-a")
        one.send(b"a 1 2")
        await asyncio.sleep(0.1)
        one.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(one.task, PATIENCE)

    asyncio.run(scene())
    end = time.monotonic() + PATIENCE
    while any((home / "words-uploads").iterdir()):
        assert time.monotonic() < end, "a thread waits for what does not come any more"
        time.sleep(0.02)


def test_what_says_it_is_too_large_is_refused_before_it_comes(home: Path):
    async def scene() -> None:
        one = Sender("session-a", length=uploads.MAX_BYTES + 1)
        await asyncio.wait_for(one.task, PATIENCE)
        assert (one.status, "too large" in one.said) == (400, True)

    asyncio.run(scene())
