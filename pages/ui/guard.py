"""Who may talk to the server at all: checks of Host and Origin, and a brake on those who talk too much.

A page of another site can make a browser send requests here. It can't change what they say of it: ``Origin`` names that
other site. And a name that someone else's DNS points at this machine (DNS rebinding) shows in ``Host``.
"""

import asyncio
import ipaddress
import os
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui.rates import TokenBucket

MESSAGES_PER_SECOND = 20
MESSAGES_BURST = 40
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY_VIOLATION = 1008


class Guard:
    """ASGI middleware: refuses foreign hosts (400), foreign origins (403) and the server's inner figures (404).

    A WebSocket, and every request that may change something, must name an Origin, and it must be this very host.
    What a page sends to Streamlit passes at 20 messages a second after a burst of 40: each costs a run of the script.
    ``prefix`` is the path below which the app is served.
    """

    def __init__(self, app: ASGIApp, prefix: str = "", hosts: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.metrics = f"{prefix}/_stcore/metrics"
        self.stream = f"{prefix}/_stcore/stream"
        self.hosts = hosts | own_names()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed, and answer the rest."""
        if scope["type"] == "http":
            refusal = self._refusal(scope)
            await (refusal or self.app)(scope, receive, send)
        elif scope["type"] == "websocket":
            if self._host(scope) and _same_origin(scope):
                await self.app(scope, braked(receive) if scope["path"] == self.stream else receive, send)
            else:
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if not self._host(scope):
            return PlainTextResponse(
                "This server does not answer under this name. Its administrator can add the name to LEARNSCOPE_HOSTS.",
                400,
            )
        if scope["method"] not in SAFE_METHODS and not _same_origin(scope):
            return PlainTextResponse("This request came from another site.", 403)
        if scope["path"].rstrip("/") == self.metrics:
            return PlainTextResponse("Not found.", 404)
        return None

    def _host(self, scope: Scope) -> bool:
        named = Headers(scope=scope).getlist("host")
        return len(named) == 1 and is_own_host(named[0], self.hosts)


def own_names() -> frozenset[str]:
    """Return the names of this machine, and those listed in ``LEARNSCOPE_HOSTS`` with commas between them."""
    machine = socket.gethostname().lower()
    listed = os.environ.get("LEARNSCOPE_HOSTS", "").lower().split(",")
    names = {machine, machine.split(".")[0], f"{machine.split('.')[0]}.local", *(name.strip() for name in listed)}
    return frozenset(names - {""})


def is_own_host(host: str, names: frozenset[str]) -> bool:
    """Tell whether a Host header names this server: an IP address, localhost or below it, or one of ``names``."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not name or parts.netloc != host or "@" in host:
        return False
    name = name.rstrip(".")
    return name == "localhost" or name.endswith(".localhost") or name in names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same_origin(scope: Scope) -> bool:
    """Tell whether the request says that it comes from a page of this very host and port.

    The scheme is not compared: behind a proxy that ends TLS the page is https while the request here is http, and only
    configuration could tell that from an https page that someone else serves under the same name. Who can do that holds
    the name itself, or another port of it where one of the two ports is unnamed; this server trusts them.
    """
    headers = Headers(scope=scope)
    origins = headers.getlist("origin")
    if len(origins) != 1:
        return False
    scheme, _, netloc = origins[0].partition("://")
    return scheme in ("http", "https") and netloc.lower() == headers.get("host", "").lower()


def braked(receive: Receive) -> Receive:
    """Return a ``receive`` that lets messages through at a bounded rate.

    Nothing is dropped: while a message waits here, the server reads no more from that socket, and the sender waits.
    """
    bucket = TokenBucket(MESSAGES_PER_SECOND, MESSAGES_BURST)

    async def receive_slowly() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive":
            await asyncio.sleep(bucket.delay())
        return message

    return receive_slowly
