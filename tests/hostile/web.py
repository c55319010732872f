"""What a hostile browser, or a page of another site, may try on the running app."""

import asyncio
import http.client
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from pages.ui import upload_quota
from pages.ui.live_routes import RUN_UNKNOWN
from tests.app_server import AppServer
from tests.browser import PATIENCE
from tests.hostile.browsing import Seen
from tests.hostile.payloads import FOREIGN, MARKDOWN, PAYLOADS
from tests.pages.conftest import OpenPage
from tests.pages.streams import cookie, live
from tests.pages.test_playground import begin
from tests.pages.visitor import Visit, visit

LIMIT = 5 * 2**20
BOUNDARY = "hostile"


def place(name: str) -> Callable[[dict[str, Seen]], None]:
    """Return the check of one place that the browser has walked through: all payloads can be read there."""

    def check(walk: dict[str, Seen]) -> None:
        is_harmless(walk[name], len(PAYLOADS))

    return check


def words_place(name: str, least: int) -> Callable[[dict[str, Seen]], None]:
    """Return the check of one place of the words pages: ``least`` payloads can be read there, and where all can, so can
    all that Streamlit's Markdown would show otherwise.
    """

    def check(walk_of_words: dict[str, Seen]) -> None:
        seen = walk_of_words[name]
        is_harmless(seen, least)
        assert least < len(PAYLOADS) or set(MARKDOWN) <= set(seen.read), set(MARKDOWN) - set(seen.read)

    return check


def is_harmless(seen: Seen, least: int) -> None:
    assert not seen.harm, seen.harm
    assert FOREIGN not in seen.hosts
    assert seen.hosts <= {"localhost", "127.0.0.1"}
    lacking = set(PAYLOADS) - set(seen.read)
    assert len(PAYLOADS) - len(lacking) >= least, f"not reached by {lacking}"


def no_request_leaves(walk: dict[str, Seen]) -> None:
    picture = next(payload for payload in PAYLOADS if payload.startswith("!["))
    assert [name for name, seen in walk.items() if picture in seen.read]
    assert {host for seen in walk.values() for host in seen.hosts} <= {"localhost", "127.0.0.1"}


def prototype_stays(walk: dict[str, Seen]) -> None:
    """The tables of the walk have columns called __proto__ and constructor."""
    assert not [name for name, seen in walk.items() if "prototype" in seen.harm]


@dataclass
class Browser:
    """A session of one browser: its page, and the token without which nothing is uploaded."""

    server: AppServer
    page: Visit
    token: str

    def put(self, data: bytes, name: str = "t.csv", number: int = 0, **headers: str) -> tuple[int, str]:
        """Upload a file as Streamlit's page does; return status and answer."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
        return self.send(head + data + f"\r\n--{BOUNDARY}--\r\n".encode(), number, **headers)

    def send(self, body: bytes, number: int = 0, *, chunked: bool = False, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.server.host, timeout=PATIENCE)
        sent = {
            "Origin": f"http://{self.server.host}",
            "Cookie": f"_streamlit_xsrf={self.token}",
            "X-Xsrftoken": self.token,
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"/_stcore/upload_file/{self.page.session}/file-{number}"
        try:
            parts: Iterator[bytes] | bytes = iter([body[: 2**20]] * -(-len(body) // 2**20)) if chunked else body
            connection.request("PUT", address, parts, sent, encode_chunked=chunked)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (BrokenPipeError, ConnectionResetError):
            return 413, ""  # it answered and hung up before all was sent
        finally:
            connection.close()


@asynccontextmanager
async def browser(server: AppServer) -> AsyncIterator[Browser]:
    connection = http.client.HTTPConnection(server.host, timeout=PATIENCE)
    connection.request("GET", "/_stcore/host-config", headers={"Accept": "text/html"})
    answer = connection.getresponse()
    answer.read()
    connection.request("GET", "/_stcore/health")
    health = connection.getresponse()
    health.read()
    cookies = " ".join([*answer.headers.get_all("set-cookie", []), *health.headers.get_all("set-cookie", [])])
    connection.close()
    (token, *_) = re.findall(r"_streamlit_xsrf=\"?([^;\"]+)", cookies)
    async with visit(server, "", **cookie("person-uploads")) as page:
        yield Browser(server, page, token)


def says_nothing_of_the_server(answer: str) -> None:
    assert "Traceback" not in answer
    assert "/" not in answer.replace("://", "").replace("https:", "")


def too_large_an_upload(app_server: AppServer) -> None:
    async def scene() -> None:
        async with browser(app_server) as one:
            assert await asyncio.to_thread(one.put, b"a,b\n") == (204, "")
            status, answer = await asyncio.to_thread(one.put, b"x" * (LIMIT + 1))
            assert status == 413
            says_nothing_of_the_server(answer)
            await one.page.rerun()

    asyncio.run(scene())


def a_length_that_lies(app_server: AppServer) -> None:
    """Less is said than comes, or nothing is said at all; and more is said than ever comes."""

    async def scene() -> None:
        async with browser(app_server) as one:
            status, answer = await asyncio.to_thread(one.send, b"x" * (LIMIT + 2**20), chunked=True)
            assert status in (400, 413)
            says_nothing_of_the_server(answer)
            status, _ = await asyncio.to_thread(one.send, b"x" * 4_096, content_length="8")
            assert status in (204, 400)
            unfinished = http.client.HTTPConnection(app_server.host, timeout=PATIENCE)
            unfinished.putrequest("PUT", f"/_stcore/upload_file/{one.page.session}/never")
            for name, value in (("Origin", f"http://{app_server.host}"), ("Content-Length", "4000000")):
                unfinished.putheader(name, value)
            unfinished.endheaders(b"x")
            await one.page.rerun()  # and nobody waits for the rest of it
            unfinished.close()

    asyncio.run(scene())


def sixty_uploads(app_server: AppServer) -> None:
    async def scene() -> None:
        async with browser(app_server) as one, browser(app_server) as other:
            answers = [await asyncio.to_thread(one.put, b"x", number=number) for number in range(60)]
            assert [status for status, _ in answers] == [204] * 20 + [413] * 40
            assert answers[-1][1] == "Too much was uploaded since this page was opened: reload the page."
            assert await asyncio.to_thread(one.put, b"y", number=0) in ((204, ""), answers[-1])
            assert (await asyncio.to_thread(other.put, b"x"))[0] == 204
            large = [await asyncio.to_thread(other.put, b"x" * 4_000_000, number=n) for n in range(1, 6)]
            assert [status for status, _ in large] == [204, 204, 204, 204, 413]

    asyncio.run(scene())


def uploads_at_once_count_before_they_have_come() -> None:
    passed: list[int] = []
    waiting = asyncio.Event()

    async def app(*_: object) -> None:
        passed.append(1)
        await waiting.wait()

    async def nothing(*_: object) -> None: ...

    async def scene() -> None:
        quota = upload_quota.UploadQuota(app, held=lambda _: [])  # type: ignore[arg-type]
        put = {"type": "http", "method": "PUT", "path": "/_stcore/upload_file/s/f", "headers": []}
        tasks = [asyncio.create_task(quota(put, nothing, nothing)) for _ in range(60)]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        waiting.set()
        await asyncio.gather(*tasks)
        assert not quota.arriving

    asyncio.run(scene())
    assert len(passed) == upload_quota.MOST_BYTES // LIMIT


def another_sessions_upload(app_server: AppServer) -> None:
    async def scene() -> None:
        async with browser(app_server) as one:
            one.page.session = "guessed"
            status, answer = await asyncio.to_thread(one.put, b"x")
            assert status == 400
            assert "Traceback" not in answer

    asyncio.run(scene())


def a_range_of_a_thousand_parts(app_server: AppServer) -> None:
    parts = ",".join(f"{number}-{number + 1}" for number in range(0, 2_000, 2))
    for address in ("/", "/live/assets/x/panel.js", "/_stcore/health", "/favicon.png", "/media/0.csv"):
        connection = http.client.HTTPConnection(app_server.host, timeout=PATIENCE)
        connection.request("GET", address)
        whole = len(connection.getresponse().read())
        connection.request("GET", address, headers={"Range": f"bytes={parts}"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status in (200, 400, 404, 416), address
        assert len(body) <= whole + 200, address


def guessed_run_ids(app_server: AppServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(app_server.home))

    async def scene() -> None:
        async with visit(app_server, **cookie("person-owner")) as page:
            run = page.run
            assert len(run) == 16  # 96 random bits
            for guess in (run[:-1], run.swapcase(), "", "0", "../x", "%00", "' OR 1=1 --"):
                async with visit(app_server, query=f"run={guess}", **cookie("person-guesser")) as other:
                    assert not other.exceptions
                    assert "no longer here" in other.alerts[0].replace("\\", "")
                    assert other.run != run
            # A right that this server has signed, for a run that is none.
            async with live(app_server, "guess") as stream:
                await stream.wait_closed()
                assert stream.close_code == RUN_UNKNOWN

    asyncio.run(scene())


def a_watcher_that_never_reads(app_server: AppServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's memory stays as it was, and who reads is told all."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(app_server.home))

    async def scene() -> None:
        async with visit(app_server, **cookie()) as page:
            deaf = [await live(app_server, page.run, max_queue=1) for _ in range(4)]
            for one in deaf:
                one.transport.pause_reading()
            async with live(app_server, page.run) as reader:
                await reader.send(json.dumps({"command": "resume"}))
                before, began = memory(app_server), time.monotonic()
                count = 0
                while time.monotonic() - began < 4 or count <= 10:
                    await asyncio.wait_for(reader.recv(), PATIENCE)
                    count += 1
                assert memory(app_server) - before < 60 * 2**20
                await reader.send(json.dumps({"command": "stop"}))
            for one in deaf:
                one.transport.abort()

    asyncio.run(scene())


def memory(server: AppServer) -> int:
    """Return the bytes that the server's process holds."""
    with open(f"/proc/{server.pid}/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def no_network(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked up and nobody is called, whatever page is opened and whatever is trained."""
    asked: list[object] = []
    connect = socket.socket.connect

    def look_up(host: object, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    def call(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and not str(address).startswith(("('127.", "('::1'")):
            asked.append(address)
            raise OSError(101, "Network is unreachable")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", call)
    for name in ("home.py", "class.py", "playground.py"):
        visit = page(name)
        assert not visit.exception
        assert not visit.warning
    begin(visit)
    assert asked == []
