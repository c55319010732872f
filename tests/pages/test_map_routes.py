"""The routes of a map: who may see it, what is answered while it forms, when it is done, and where it is broken."""

import asyncio
import gzip
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers

from engine.frames import Message, decode, encode
from pages.ui import map_routes, rights
from pages.ui.keys import signer
from pages.ui.live_routes import live_routes
from pages.ui.map_routes import RIGHT, STATE, map_folder
from pages.ui.person import COOKIE
from pages.ui.rights import MapRight
from pages.ui.words.map_scores import MOST_KEPT, Score, offered
from tests.browser import PATIENCE

KEY = "0123456789abcdef"
OTHER = "fedcba9876543210"
SESSION = "session-a"
PERSON = "person-a"
REFUSED = "This page has no right to this map: reload it."


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    monkeypatch.setattr(map_routes, "WAIT_SECONDS", 0.3)
    monkeypatch.setattr(map_routes, "LOOK_SECONDS", 0.02)
    return tmp_path


@dataclass
class Answer:
    """What the routes answer; ``content`` is unpacked."""

    status_code: int = 0
    headers: Headers = field(default_factory=Headers)
    raw: bytes = b""

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.raw) if self.headers.get("content-encoding") == "gzip" else self.raw

    @property
    def text(self) -> str:
        return self.content.decode()


def get(path: str, headers: dict[str, str]) -> Answer:
    """Ask our routes, as the server does after its guards."""
    answer = Answer()
    path, _, query = path.partition("?")

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status_code, answer.headers = message["status"], Headers(raw=message["headers"])
        else:
            answer.raw += message.get("body", b"")

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(Starlette(routes=list(live_routes()))(scope, receive, send))
    return answer


def ask(file: str, key: str = KEY, token: str | None = None, **headers: str) -> Answer:
    right = MapRight(key, SESSION).token() if token is None else token
    return get(f"/live/maps/{key}/{file}", {RIGHT: right, **headers})


def layout(version: object, points: int = 4) -> bytes:
    header = {"version": version, "share": 0.5, "words": "laying out"}
    return encode(Message("layout", header, {"positions": np.ones((points, 2), np.float32)}))


def put(name: str, data: bytes) -> None:
    map_folder(KEY).mkdir(parents=True, exist_ok=True)
    (map_folder(KEY) / name).write_bytes(data)


@pytest.mark.parametrize("file", ["words.json", "map.lsf", "layout.lsf"])
def test_what_is_not_there_yet_is_no_error(file: str):
    answer = ask(file)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"


def test_what_is_finished_is_kept_by_the_browser_for_good_and_packed():
    data = encode(Message("map", {"n": 1000}, {"positions": np.zeros((1000, 2), np.float32)}))
    put("map.lsf", data)
    put("words.json", b'["a"]')
    answer = ask("map.lsf", **{"accept-encoding": "gzip"})
    assert answer.content == data
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.raw) < len(data) / 10
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["cache-control"].startswith("private")
    assert RIGHT in answer.headers["vary"]
    plain = ask("map.lsf", **{"accept-encoding": "identity"})
    assert plain.content == data
    assert "content-encoding" not in plain.headers
    small = ask("words.json", **{"accept-encoding": "gzip"})
    assert small.text == '["a"]'
    assert "content-encoding" not in small.headers


def test_a_layout_is_answered_when_it_is_newer():
    put("layout.lsf", layout(3))
    answer = ask("layout.lsf")
    assert decode(answer.content).header["version"] == 3
    assert answer.headers["cache-control"] == "no-store"
    assert ask("layout.lsf?after=2").status_code == 200
    assert ask("layout.lsf?after=30").status_code == 200, "it was called off, and is made again"
    begin = time.monotonic()
    old = ask("layout.lsf?after=3")
    assert (old.status_code, old.headers[STATE]) == (204, "forming")
    assert time.monotonic() - begin >= 0.3, "it waited for a newer one"


def test_who_waits_for_a_newer_layout_is_told_as_soon_as_it_is_there(monkeypatch):
    monkeypatch.setattr(map_routes, "WAIT_SECONDS", 20.0)
    put("layout.lsf", layout(3))

    def later() -> None:
        time.sleep(0.2)
        draft = map_folder(KEY) / "draft"
        draft.write_bytes(layout(4))
        draft.replace(map_folder(KEY) / "layout.lsf")

    threading.Thread(target=later).start()
    begin = time.monotonic()
    assert decode(ask("layout.lsf?after=3").content).header["version"] == 4
    assert time.monotonic() - begin < 10


def test_when_the_map_is_done_there_is_no_layout_to_wait_for():
    put("layout.lsf", layout(3))
    put("map.lsf", b"whatever")
    answer = ask("layout.lsf?after=1")
    assert (answer.status_code, answer.headers[STATE]) == (204, "done")


@pytest.mark.parametrize("after", ["", "x", "-1", "1e9", "9" * 400, "%00", "2&after=9"])
def test_a_version_that_is_none_is_as_good_as_nothing(after: str):
    put("layout.lsf", layout(3))
    assert ask(f"layout.lsf?after={after}").status_code in (200, 204)


BROKEN = {
    "empty": b"",
    "cut in the head": layout(9)[:6],
    "cut in the header": layout(9)[:20],
    "a header as long as all": b"LSF1\xff\xff\xff\xff" + b"x" * 50,
    "no json": b"LSF1\x08\x00\x00\x00notjson!",
    "no version": encode(Message("layout", {"share": 0.1})),
    "a version in words": layout("nine"),
    "noise": bytes(range(256)) * 9,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_layout_that_is_half_there_is_not_there_yet(data: bytes):
    put("layout.lsf", data)
    assert ask("layout.lsf").status_code == 204


def test_a_folder_in_the_place_of_a_file_is_no_error():
    for name in ("layout.lsf", "map.lsf", "words.json"):
        (map_folder(KEY) / name).mkdir(parents=True)
    for name in ("layout.lsf", "map.lsf", "words.json"):
        assert ask(name).status_code == 204


FORGED = {
    "none": "",
    "noise": "x.y.z",
    "of another map": ("map", {"map": OTHER, "person": SESSION}),
    "of another purpose": ("live", {"map": KEY, "person": SESSION}),
    "of another shape": ("map", {"map": KEY}),
    "of more": ("map", {"map": KEY, "person": SESSION, "more": 1}),
    "text": ("map", "map"),
    "a person that is none": ("map", {"map": KEY, "person": None}),
    "of another person": ("map", {"map": KEY, "person": PERSON}),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize("file", ["words.json", "map.lsf", "layout.lsf", f"scores/{OTHER}"])
def test_without_a_right_one_is_refused_in_a_sentence(file: str, token: str | tuple[str, object]):
    put("map.lsf", b"secret")
    put("words.json", b"secret")
    put("layout.lsf", layout(1))
    signed = token if isinstance(token, str) else signer(token[0]).dumps(token[1])
    answer = ask(file, token=signed)
    assert (answer.status_code, answer.text) == (403, REFUSED)
    assert answer.headers["cache-control"] == "no-store"


def test_a_right_of_a_person_with_a_cookie_needs_that_cookie():
    put("words.json", b'["a"]')
    token = MapRight(KEY, PERSON).token()
    assert ask("words.json", token=token).status_code == 403
    for person, status in ((PERSON, 200), ("person-b", 403)):
        cookie = f"{COOKIE}={signer('person').dumps(person)}"
        assert ask("words.json", token=token, cookie=cookie).status_code == status


@pytest.mark.parametrize(
    "key", ["..", "%2e%2e", "0123456789ABCDEF", "0123", "g" * 16, "0" * 65, "0" * 16 + "%0a", "0123456789abcdef%00"]
)
def test_a_key_that_is_none_opens_nothing(home: Path, key: str):
    (home / "words.json").write_text("secret")
    answer = get(f"/live/maps/{key}/words.json", {RIGHT: MapRight(key, SESSION).token()})
    assert answer.status_code in (403, 404)
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "file",
    ["secret.key", "../secret.key", "..%2fsecret.key", "%2e%2e/secret.key", "scores/..", "scores/%2e%2e", "scores/x"],
)
def test_no_other_file_can_be_named(home: Path, file: str):
    signer("map")  # the key is there now
    answer = ask(file)
    assert answer.status_code in (403, 404)
    assert answer.content != (home / "secret.key").read_bytes()


def test_a_right_is_the_same_each_time_or_the_page_would_mount_anew():
    assert MapRight(KEY, PERSON).token() == MapRight(KEY, PERSON).token()
    assert rights.viewer(MapRight(KEY, SESSION).token(), KEY, {}) == SESSION


def test_a_score_is_given_as_it_is():
    values = np.array([0.5, np.nan, -3.0])
    (told,) = offered(KEY, [Score("he to she", values, "he", "she", middle=0.0)])
    assert {**told, "id": ""} == {"id": "", "name": "he to she", "low": "he", "high": "she", "middle": 0.0}
    answer = ask(f"scores/{told['id']}")
    assert decode(answer.content).arrays["values"].dtype == np.float32
    np.testing.assert_array_equal(decode(answer.content).arrays["values"], values.astype(np.float32))
    assert "immutable" in answer.headers["cache-control"]
    assert offered(KEY, [Score("again", values)])[0]["id"] == told["id"]
    assert "content-encoding" not in answer.headers


def test_a_score_that_is_gone_is_told():
    answer = ask(f"scores/{OTHER}")
    assert (answer.status_code, answer.text) == (404, "This score is gone: choose it anew.")


def test_scores_do_not_pile_up():
    for number in range(MOST_KEPT + 5):
        offered(KEY, [Score("one", np.full(3, number, np.float32))])
    assert len(list((map_folder(KEY) / "scores").iterdir())) == MOST_KEPT


def streamed(token: str, sent: list[bytes], going: asyncio.Event) -> Any:
    """Ask for a map, and take of the answer as much as is taken while ``going``."""

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message.get("body", b"") or str(message.get("status", "")).encode())
        await going.wait()

    headers = [(RIGHT.encode(), token.encode())]
    path = f"/live/maps/{KEY}/map.lsf"
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    return Starlette(routes=list(live_routes()))(scope, receive, send)


def test_so_much_is_answered_to_a_person_at_a_time_and_what_nobody_takes_is_not_read():
    put("map.lsf", bytes(3_000_000))

    async def scene() -> None:
        going, sent = asyncio.Event(), [[] for _ in range(20)]
        token = MapRight(KEY, SESSION).token()
        asked = [asyncio.create_task(streamed(token, one, going)) for one in sent]
        other: list[bytes] = []
        asked.append(asyncio.create_task(streamed(MapRight(KEY, "session-b").token(), other, going)))
        async with asyncio.timeout(PATIENCE):
            while not all((*sent, other)):
                await asyncio.sleep(0.01)
        assert sum(map_routes._under_way.values()) == map_routes.MOST_AT_ONCE + 1
        assert sum(len(b"".join(one)) for one in sent) < 30 * map_routes.PIECE_BYTES
        going.set()
        await asyncio.gather(*asked)
        assert [one[0] for one in sent] == [b"200"] * 12 + [b"429"] * 8
        assert b"try again in a moment" in sent[-1][-1]
        assert [len(b"".join(one[1:])) for one in (*sent[:12], other)] == [3_000_000] * 13
        assert not map_routes._under_way

    asyncio.run(scene())


def test_who_goes_away_does_not_count_any_more(monkeypatch):
    monkeypatch.setattr(map_routes, "WAIT_SECONDS", 20.0)

    async def scene() -> None:
        async def gone() -> Any:
            return {"type": "http.disconnect"}

        async def send(_: Any) -> None:
            raise OSError("gone")

        headers = [(RIGHT.encode(), MapRight(KEY, SESSION).token().encode())]
        path = f"/live/maps/{KEY}/layout.lsf"
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
        with pytest.raises(OSError, match="gone"):
            await asyncio.wait_for(Starlette(routes=list(live_routes()))(scope, gone, send), 10)
        assert not map_routes._under_way

    asyncio.run(scene())
