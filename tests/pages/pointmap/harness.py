"""The map of words without the rest of the app: a page as Streamlit would frame it, and the app's routes to maps."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from pages.ui import map_routes
from pages.ui.guard import Guard
from pages.ui.rights import MapRight
from tests.pages.live_panel.harness import ASSETS, PLOTLY, POLICY

PAGE = Path(__file__).with_name("page.js")
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Map</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main id="place"></main>
<script type="module" src="/page.js"></script></body></html>"""
PERSON = "session-test"


class Harness:
    """The server in a thread of its own; maps lie below ``home``, which ``LEARNSCOPE_HOME`` names."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.asked: list[str] = []
        routes = [
            Route("/", lambda _: HTMLResponse(HTML, headers={"content-security-policy": POLICY})),
            Route("/page.js", lambda _: FileResponse(PAGE, media_type="text/javascript")),
            Route("/live/assets/test/{file}", _asset),
            Route("/live/maps/{key}/{file}", map_routes.serve),
            Route("/live/maps/{key}/scores/{score}", map_routes.serve_score),
        ]
        app = Starlette(routes=routes, middleware=[Middleware(Guard)])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.run, args=([self._listening],), daemon=True)
        self._made = 0

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(5)

    def new_map(self) -> tuple[str, Path]:
        """Return the key and the folder of a map that is not there yet."""
        self._made += 1
        key = f"{self._made:016x}"
        return key, map_routes.map_folder(key)

    def token(self, key: str) -> str:
        """Return the right to a map."""
        return MapRight(key, PERSON).token()


def _asset(request: Request) -> Response:
    name = request.path_params["file"]
    return FileResponse(PLOTLY if name == PLOTLY.name else ASSETS / name, headers={"cache-control": "no-store"})


@contextlib.contextmanager
def serving(home: Path) -> Iterator[Harness]:
    """Serve for as long as the block lasts."""
    harness = Harness(home)
    harness.start()
    try:
        yield harness
    finally:
        harness.stop()
