"""Who someone is, as far as Learnscope needs to know: a random id in a signed cookie, or else in the session."""

import secrets
from collections.abc import Mapping
from http.cookies import SimpleCookie

import streamlit as st
from itsdangerous import BadData
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui.keys import signer

COOKIE = "learnscope_person"
YEAR = 365 * 24 * 3600
_BY_COOKIE = "person-"
_BY_SESSION = "session-"


def person() -> str:
    """Return the id of the person at this page; the same over reloads and tabs where the browser keeps cookies."""
    return of_cookies(st.context.cookies.to_dict()) or _of_session()


def tab() -> str:
    """Return what tells this page from the others that the same person has open; another one after a reload."""
    return st.session_state.setdefault("learnscope.tab", secrets.token_urlsafe(9))


def of_cookies(cookies: Mapping[str, str]) -> str | None:
    """Return the person that a browser's cookies name, or None if there is none or it is forged."""
    try:
        value = signer("person").loads(cookies.get(COOKIE, ""))
    except BadData:
        return None
    return value if isinstance(value, str) and has_cookie(value) else None


def has_cookie(person_id: str) -> bool:
    """Tell whether this id came from a cookie, and not from a session alone."""
    return person_id.startswith(_BY_COOKIE)


def _of_session() -> str:
    return st.session_state.setdefault("learnscope.person", _BY_SESSION + secrets.token_urlsafe(16))


class PersonCookie:
    """ASGI middleware: whoever opens a page without a valid cookie is given one."""

    def __init__(self, app: ASGIApp, path: str = "/") -> None:
        self.app = app
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, and add the cookie where it is due."""
        if scope["type"] != "http" or not _wants_page(scope) or of_cookies(HTTPConnection(scope).cookies):
            await self.app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", self._cookie(secure=scope["scheme"] == "https"))
                headers["cache-control"] = "private, no-cache"  # or a proxy might give one person's cookie to the next
            await send(message)

        await self.app(scope, receive, with_cookie)

    def _cookie(self, secure: bool) -> str:
        value = signer("person").dumps(_BY_COOKIE + secrets.token_urlsafe(16))
        cookie: SimpleCookie = SimpleCookie({COOKIE: value})
        attributes = {"path": self.path, "max-age": YEAR, "httponly": True, "samesite": "Lax", "secure": secure}
        for name, attribute in attributes.items():
            cookie[COOKIE][name] = attribute
        return cookie[COOKIE].OutputString()


def _wants_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
