"""The headers that every answer carries, and what they forbid the browser to do."""

import base64
import hashlib
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_security_policy(index_html: str) -> str:
    """Return the policy under which Streamlit's page, and nothing from any other host, works.

    Streamlit's one inline script is let in by its hash. ``blob:`` is how a component's script is loaded. Inline
    styles are how Streamlit and Plotly lay out; they can draw but not act.
    """
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in _INLINE_SCRIPT.findall(index_html))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes} 'wasm-unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def security_headers(index: Path) -> dict[str, str]:
    """Return the headers for every answer of a server whose page is the file ``index``."""
    return {
        "content-security-policy": content_security_policy(index.read_text(encoding="utf-8")),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


class SecurityHeaders:
    """ASGI middleware, the outermost: puts ``headers`` on every answer, also on errors and on refused WebSockets."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, and add to its answer."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, self._handshake(scope, send))
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add(message)
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception:
            # Starlette's own answer to an error is sent from outside of all middleware, so it would lack the headers.
            if not started:
                answer = PlainTextResponse("Something went wrong on the server.", status_code=500)
                await answer(scope, receive, with_headers)
            raise

    def _handshake(self, scope: Scope, send: Send) -> Send:
        """Return a ``send`` that turns a close before the handshake into a 403 with headers."""
        answered = False

        async def with_headers(message: Message) -> None:
            nonlocal answered
            if message["type"] in ("websocket.accept", "websocket.http.response.start"):
                answered = True
                self._add(message)
            if message["type"] == "websocket.close" and not answered and _can_deny(scope):
                answered = True
                start: Message = {"type": "websocket.http.response.start", "status": 403, "headers": []}
                self._add(start)
                await send(start)
                await send({"type": "websocket.http.response.body", "body": b""})
                return
            await send(message)

        return with_headers

    def _add(self, message: Message) -> None:
        message.setdefault("headers", [])
        headers = MutableHeaders(scope=message)
        for name, value in self.headers.items():
            headers[name] = value


def _can_deny(scope: Scope) -> bool:
    return "websocket.http.response" in (scope.get("extensions") or {})
