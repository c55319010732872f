"""What stands in the headers of every answer of the running app."""

import asyncio
import http.client
from collections.abc import Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from pages.ui.headers import SecurityHeaders, content_security_policy
from pages.ui.live_assets import version
from tests.app_server import AppServer
from tests.browser import PATIENCE

PANEL = "/live/assets/{version}/panel.js"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def ask(
    server: AppServer, path: str, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection(server.host, timeout=PATIENCE)
    try:
        connection.putrequest(
            method, path.format(version=version()), skip_host="host" in headers, skip_accept_encoding=True
        )
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/playground", 200),
        ("HEAD", "/", 200),
        ("GET", "/no/such/page", 200),
        ("GET", "/favicon.png", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/_stcore/metrics", 404),
        ("OPTIONS", "/_stcore/metrics", 404),
        ("GET", "/_stcore/agent/openapi.json", 200),
        ("GET", "/media/0.png", 404),
        ("GET", "/component/x/y.js", 404),
        ("GET", "/playground/_stcore/health", 404),
        ("GET", PANEL, 200),
        ("HEAD", PANEL, 200),
        ("POST", PANEL, 403),
        ("GET", "/live/assets/0/panel.js", 404),
        ("GET", "/live/runs/x", 200),
        ("PUT", "/_stcore/upload_file/a/b", 403),
        ("GET", "//evil.example/x", 400),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 400),
    ],
)
def test_every_answer_carries_the_security_headers(app_server: AppServer, method: str, path: str, status: int):
    found, headers, _ = ask(app_server, path, method)
    assert found == status
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "'unsafe-eval'" not in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "http" not in policy


def test_a_foreign_host_gets_nothing(app_server: AppServer):
    status, headers, body = ask(app_server, "/", host="evil.example")
    assert status == 400
    assert headers["x-content-type-options"] == "nosniff"
    assert b"<html" not in body


def test_an_upload_from_another_site_is_refused(app_server: AppServer):
    for origin in ("http://evil.example", "null"):
        status, _, _ = ask(app_server, "/_stcore/upload_file/a/b", "PUT", b"x", origin=origin)
        assert status == 403


def test_a_page_gives_a_cookie_once(app_server: AppServer):
    _, headers, _ = ask(app_server, "/", accept="text/html")
    cookie = SimpleCookie(headers["set-cookie"])["learnscope_person"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert headers["cache-control"] == "private, no-cache"
    known = f"learnscope_person={cookie.value}"
    assert "set-cookie" not in ask(app_server, "/", accept="text/html", cookie=known)[1]
    assert "set-cookie" in ask(app_server, "/", accept="text/html", cookie=known + "x")[1]
    assert "set-cookie" not in ask(app_server, PANEL, accept="*/*")[1]


def test_the_policy_lets_in_the_inline_scripts_of_the_page_by_hash():
    policy = content_security_policy("<script>a</script> <script src='x.js'></script> <script>\n b\n</script>")
    assert policy.count("'sha256-") == 2
    assert "'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='" in policy


def test_a_failing_app_answers_with_the_headers_too():
    sent: list[Message] = []

    async def fails(*_: Any) -> None:
        raise RuntimeError("secret detail")

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    with pytest.raises(RuntimeError):
        asyncio.run(SecurityHeaders(fails, {"x-a": "b"})({"type": "http", "method": "GET"}, receive, send))
    assert sent[0]["status"] == 500
    assert (b"x-a", b"b") in sent[0]["headers"]
    assert b"secret" not in sent[1]["body"]


def test_files_are_cached_for_good_and_compressed_where_that_is_understood(app_server: AppServer):
    status, headers, plain = ask(app_server, PANEL)
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"].startswith("text/javascript")
    _, packed_headers, packed = ask(app_server, PANEL, accept_encoding="gzip")
    assert packed_headers["content-encoding"] == "gzip"
    assert len(packed) < len(plain)
    assert packed_headers["etag"] != headers["etag"]
    assert packed_headers["vary"] == "Accept-Encoding"
    assert ask(app_server, PANEL, if_none_match=headers["etag"])[0] == 304
    _, head, nothing = ask(app_server, PANEL, "HEAD")
    assert nothing == b""
    assert head["content-length"] == str(len(plain))


@pytest.mark.parametrize(
    "path",
    [
        "/live/assets/{version}/nowhere.js",
        "/live/assets/{version}/..%2f..%2fapp.py",
        "/live/assets/{version}/%2e%2e/app.py",
        "/live/assets/{version}/",
        "/live/assets/../app.py",
        "/live/assets/{version}/panel.js/x",
        "/live/assets/{version}/PANEL.JS",
    ],
)
def test_nothing_but_the_table_is_served(app_server: AppServer, path: str):
    status, _, body = ask(app_server, path)
    assert b"st.App" not in body
    assert status in (301, 400, 404)


def test_the_key_is_not_readable_by_others(app_server: AppServer):
    assert (Path(app_server.home) / "secret.key").stat().st_mode & 0o077 == 0
