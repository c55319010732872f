"""The server process as a whole: what it loads, where it can be served, how it bears a crowd."""

import asyncio
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app_server import AppServer
from tests.pages.visitor import visit

HEAVY = ("torch", "sklearn", "gensim", "umap", "numba", "scipy", "faiss")


def libraries(pid: int) -> set[str]:
    """Return the Python packages of which a process has loaded compiled parts; each of HEAVY has some."""
    files = re.findall(r"/site-packages/([A-Za-z]+)/\S+\.so", Path(f"/proc/{pid}/maps").read_text())
    return set(files)


def test_the_server_loads_nothing_heavy(app_server: AppServer):
    async def scene() -> None:
        for page, query in (("", ""), ("playground", "dataset=spiral"), ("playground", "dataset=iris")):
            async with visit(app_server, page, query) as visitor:
                assert not visitor.exceptions
                assert page == "" or visitor.run

    asyncio.run(scene())
    assert "numpy" in libraries(app_server.pid)
    assert not libraries(app_server.pid) & set(HEAVY)
    assert "torch" in libraries(max(app_server.workers())), "a worker has what the server has not"


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


def test_one_visitor_in_a_hurry_does_not_stop_the_others(app_server: AppServer):
    async def scene() -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.page_name = ""
        flood = message.SerializeToString()
        async with visit(app_server, "") as hurried, visit(app_server, "") as calm:

            async def hurry() -> None:
                for _ in range(50_000):
                    await hurried.socket.send(flood)

            pushing = asyncio.create_task(hurry())
            async with asyncio.timeout(30):
                for _ in range(5):
                    await calm.rerun()
            pushing.cancel()

    asyncio.run(scene())
