import asyncio
import functools
from typing import Any

import pytest

from pages.ui import guard
from pages.ui.guard import Guard, braked, is_own_host, own_names

NAMES = frozenset({"desk", "desk.local", "learnscope.example"})


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8501",
        "LOCALHOST",
        "a.localhost:1",
        "127.0.0.1",
        "10.0.0.7:8501",
        "[::1]:8501",
        "[fe80::1]",
        "desk",
        "desk.local:8501",
        "learnscope.example",
        "learnscope.example.",
    ],
)
def test_this_server_answers_under_its_own_names(host: str):
    # Letters of either case are the same name; a browser sends them small.
    assert is_own_host(host.lower(), NAMES)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "evil-localhost",
        "evil.example:8501",
        "user@localhost",
        "localhost/x",
        "localhost:port",
        "localhost:99999999",
        "[::1",
        "a b",
        "127.0.0.1.evil.example",
        "0x7f.1",
        "2130706433x",
    ],
)
def test_other_names_are_refused(host: str):
    assert not is_own_host(host, NAMES)


def test_an_administrator_can_add_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEARNSCOPE_HOSTS", "Learnscope.example, other.example,")
    assert {"learnscope.example", "other.example"} <= own_names()
    assert "" not in own_names()


def scope(kind: str = "http", method: str = "GET", path: str = "/", **headers: str) -> dict[str, Any]:
    named = {"host": "localhost:8501"} | {name.replace("_", "-"): value for name, value in headers.items()}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    return {"type": kind, "method": method, "path": path, "headers": raw}


def answer(of: dict[str, Any]) -> int | str:
    """Return the status that the guard gives, the WebSocket code, or ``passed``."""
    sent: list[dict[str, Any]] = []
    passed: list[bool] = []

    async def app(*_: object) -> None:
        passed.append(True)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guard(app)(of, receive, send))  # type: ignore[arg-type]
    if passed:
        return "passed"
    return sent[0].get("status") or sent[0]["code"]


OWN = "http://localhost:8501"


def test_a_page_of_this_host_may_do_everything():
    assert answer(scope()) == "passed"
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert answer(scope(method=method, origin=OWN)) == "passed"
    assert answer(scope("websocket", origin=OWN)) == "passed"
    assert answer(scope("websocket", origin="https://localhost:8501")) == "passed", "behind a proxy that ends TLS"


FOREIGN = [
    "http://evil.example",
    "null",
    "",
    "http://localhost:9999",
    "http://localhost",
    "localhost:8501",
    "file://",
    OWN + "/x",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_may_change_nothing(origin: str):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert answer(scope(method=method, origin=origin)) == 403
    assert answer(scope("websocket", origin=origin)) == guard.POLICY_VIOLATION
    assert answer(scope(origin=origin)) == "passed"


def test_a_missing_origin_may_change_nothing():
    assert answer(scope(method="POST")) == 403
    assert answer(scope("websocket")) == guard.POLICY_VIOLATION


def test_two_origins_are_none():
    twice = scope(method="POST", origin=OWN)
    twice["headers"].append((b"origin", b"http://evil.example"))
    assert answer(twice) == 403


def test_a_foreign_or_doubled_host_gets_nothing():
    assert answer(scope(host="evil.example")) == 400
    assert answer(scope("websocket", host="evil.example", origin="http://evil.example")) == guard.POLICY_VIOLATION
    twice = scope()
    twice["headers"].append((b"host", b"localhost"))
    assert answer(twice) == 400


def test_the_servers_inner_figures_are_not_for_visitors():
    assert answer(scope(path="/_stcore/metrics")) == 404
    assert answer(scope(path="/_stcore/metrics/")) == 404
    assert answer(scope(path="/_stcore/health")) == "passed"


def test_messages_wait_after_a_burst(monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(guard.asyncio, "sleep", sleep)
    monkeypatch.setattr(guard, "TokenBucket", functools.partial(guard.TokenBucket, clock=lambda: 0.0))

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive"}

    async def many() -> None:
        slow = braked(receive)
        for _ in range(guard.MESSAGES_BURST + 20):
            await slow()

    asyncio.run(many())
    assert waits[: guard.MESSAGES_BURST] == [0.0] * guard.MESSAGES_BURST
    assert waits[-1] == pytest.approx(20 / guard.MESSAGES_PER_SECOND)
