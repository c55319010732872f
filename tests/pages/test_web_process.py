"""The server process as a whole: what it imports, where it can be served, how it starts and ends."""

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app_server import ROOT, AppServer
from tests.pages.visitor import visit

HEAVY = ("torch", "sklearn", "gensim", "umap", "numba", "scipy")

OPEN_EVERY_PAGE = f"""
import json, sys
import app
from streamlit.testing.v1 import AppTest
from pages.ui import house
for page, dataset in (("home.py", ""), ("playground.py", "spiral"), ("playground.py", "iris")):
    visit = AppTest.from_file("pages/navigation.py", default_timeout=60)
    visit.switch_page(page)
    visit.query_params["dataset"] = dataset
    visit.run()
    assert not visit.exception, visit.exception
house.close()
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""


def test_the_server_imports_nothing_heavy(tmp_path: Path):
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, '.')\n{OPEN_EVERY_PAGE}"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LEARNSCOPE_HOME": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout.splitlines()[-1]) == []


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """A server whose app lies below a path."""
    server = AppServer(tmp_path_factory.mktemp("home"), "--server.baseUrlPath", "class/one", prefix="/class/one")
    server.start()
    yield server
    server.stop()


def test_the_app_can_be_served_below_a_path(below: AppServer):
    from pages.ui.live_assets import version

    with urllib.request.urlopen(f"{below.url}/live/assets/{version()}/panel.js", timeout=10) as answer:
        assert answer.headers["content-type"].startswith("text/javascript")
    request = urllib.request.Request(f"{below.url}/playground", headers={"accept": "text/html"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert "Path=/class/one" in answer.headers["set-cookie"]

    async def scene() -> None:
        async with visit(below) as page:
            assert not page.exceptions
            assert page.run

    asyncio.run(scene())


def test_a_deep_link_outlives_the_server(app_server: AppServer):
    """The same person (the same key, the same cookie) finds the same settings on a server just started."""
    request = urllib.request.Request(app_server.url, headers={"accept": "text/html"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        cookie = answer.headers["set-cookie"].split(";")[0]

    async def look(query: str) -> dict[str, str]:
        async with visit(app_server, query=query, Cookie=cookie) as page:
            assert not page.exceptions
            assert "bidi_component" in [element.WhichOneof("type") for element in page.elements]
            return page.address

    first = asyncio.run(look("dataset=moons"))
    app_server.restart()
    second = asyncio.run(look("&".join(f"{key}={value}" for key, value in first.items())))
    assert first["dataset"] == second["dataset"] == "moons"
    with urllib.request.urlopen(
        urllib.request.Request(app_server.url, headers={"accept": "text/html", "cookie": cookie}), timeout=10
    ) as answer:
        assert "set-cookie" not in answer.headers
    assert "Traceback" not in app_server.log.read_text()


def test_one_visitor_in_a_hurry_does_not_stop_the_others(app_server: AppServer):
    async def scene() -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.page_name = ""
        flood = message.SerializeToString()
        async with visit(app_server, "") as hurried, visit(app_server, "") as calm:

            async def hurry() -> None:
                for _ in range(20_000):
                    await hurried.socket.send(flood)

            pushing = asyncio.create_task(hurry())
            async with asyncio.timeout(30):
                for _ in range(5):
                    await calm.rerun()
            pushing.cancel()

    asyncio.run(scene())
