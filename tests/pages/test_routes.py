"""Every route of the built app, ours and Streamlit's, with what guards it: a route that is not listed here fails."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from pages.ui import live_assets
from pages.ui.guard import Guard
from pages.ui.headers import SecurityHeaders
from pages.ui.live_routes import GUARDS, live_routes
from pages.ui.person import PersonCookie
from pages.ui.portions import Portions
from pages.ui.upload_quota import UploadQuota
from tests.app_server import ROOT

LIST = """
import logging
logging.disable(logging.CRITICAL)
import app
for route in app.app._build_starlette_app().routes:
    print(type(route).__name__, route.path, *sorted(getattr(route, "methods", None) or ()))
"""

READ = "Host; reads nothing of a person"
SESSION = "Host and Origin; the session's id, which its own browser alone knows"
OFF = "Host; answers that it is off"
KNOWN = {
    "WebSocketRoute /live/runs/{run_id}": GUARDS["/live/runs/{run_id}"],
    "Route /live/assets/{version}/{file:path} GET HEAD": GUARDS["/live/assets/{version}/{file:path}"],
    "Route /live/maps/{key}/{file} GET HEAD": GUARDS["/live/maps/{key}/{file}"],
    "Route /live/maps/{key}/scores/{score} GET HEAD": GUARDS["/live/maps/{key}/scores/{score}"],
    "Route /live/words/upload PUT": GUARDS["/live/words/upload"],
    "Route /live/texts/upload PUT": GUARDS["/live/texts/upload"],
    "Route /live/images/upload PUT": GUARDS["/live/images/upload"],
    "Route /live/sequences/upload PUT": GUARDS["/live/sequences/upload"],
    "Route /live/models/upload PUT": GUARDS["/live/models/upload"],
    "Route /live/words/files/{right} GET HEAD": GUARDS["/live/words/files/{right}"],
    "WebSocketRoute /_stcore/stream": "Host and Origin; a rate of messages",
    "Route /_stcore/health GET HEAD": READ,
    "Route /_stcore/health OPTIONS": READ,
    "Route /_stcore/metrics GET HEAD": "refused to everyone",
    "Route /_stcore/metrics OPTIONS": "refused to everyone",
    "Route /_stcore/host-config GET HEAD": READ,
    "Route /media/{file_id:path} GET HEAD": "Host; the hash of the file's content, which its page alone knows",
    "Route /media/{file_id:path} OPTIONS": READ,
    "Route /_stcore/upload_file/{session_id}/{file_id} PUT": f"{SESSION}; a quota of files and bytes",
    "Route /_stcore/upload_file/{session_id}/{file_id} DELETE": SESSION,
    "Route /_stcore/upload_file/{session_id}/{file_id} OPTIONS": READ,
    "Route /component/{path:path} GET HEAD": READ,
    "Route /component/{path:path} OPTIONS": READ,
    "Route /_stcore/bidi-components/{path:path} GET HEAD": READ,
    "Route /_stcore/bidi-components/{path:path} OPTIONS": READ,
    "Route /auth/login GET HEAD": "Host; no provider is set up, so it does nothing",
    "Route /auth/logout GET HEAD": "Host; no provider is set up, so it does nothing",
    "Route /oauth2callback GET HEAD": "Host; no provider is set up, so it does nothing",
    "Mount ": READ,
}


def built(*options: str) -> set[str]:
    """Return the routes of the app as a server builds it, in a process of its own: each has one runtime only."""
    code = f"import sys; sys.path.insert(0, '.'); from streamlit import config\n{';'.join(options)}\n{LIST}"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return set(answer.stdout.splitlines())


def test_every_route_is_known_with_its_guard():
    found = built()
    agent = {route for route in found if "/_stcore/agent/" in route}
    assert {route.split()[1] for route in agent} == {
        f"/_stcore/agent/{name}" for name in ("interact", "openapi.json", "mcp")
    }
    assert found - agent == set(KNOWN)


def test_our_routes_are_the_guarded_ones():
    ours: Iterator[BaseRoute] = iter(live_routes())
    assert {getattr(route, "path", "") for route in ours} == set(GUARDS)
    assert all(GUARDS.values())


def test_our_routes_lie_below_the_apps_path():
    found = built('config.set_option("server.baseUrlPath", "a/b")')
    assert "WebSocketRoute /a/b/live/runs/{run_id}" in found
    assert "WebSocketRoute /a/b/_stcore/stream" in found
    assert not [route for route in found if not route.split()[1].startswith("/a/b")]


def test_the_guards_stand_before_everything():
    code = "import app; print([m.cls.__name__ for m in app.app._user_middleware])"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert answer.stdout.splitlines()[-1] == str(
        [m.__name__ for m in (SecurityHeaders, Portions, Guard, UploadQuota, PersonCookie)]
    )
    assert Middleware(Guard).cls is Guard


@pytest.mark.parametrize("name", ["panel.js", "panel.css", "plotly.min.js", "pointmap.js", "pointmap.css"])
def test_the_panels_files_are_served(name: str):
    assert name in live_assets.assets()
