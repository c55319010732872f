"""The server process as a whole: what it loads, where it can be served, how it bears a crowd."""

import asyncio
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.words.sources import uploads
from pages.ui.corpus.explorer import VIEWS
from pages.ui.words.sections import SECTIONS
from pages.ui.words_compare.sections import SECTIONS as COMPARED
from tests.app_server import AppServer
from tests.browser import PATIENCE
from tests.pages.visitor import Visit, visit

HEAVY = ("torch", "sklearn", "gensim", "umap", "numba", "scipy")


def libraries(pid: int) -> set[str]:
    """Return the Python packages of which a process has loaded compiled parts; each of HEAVY has some."""
    files = re.findall(r"/site-packages/([A-Za-z]+)/\S+\.so", Path(f"/proc/{pid}/maps").read_text())
    return set(files)


async def done(visitor: Visit, query: str) -> None:
    """Look at a page again until nothing goes on in it."""
    async with asyncio.timeout(PATIENCE):
        while any(element.WhichOneof("type") == "progress" for element in visitor.elements):
            await asyncio.sleep(0.2)
            await visitor.rerun(query)


def test_the_server_loads_nothing_heavy(app_server: AppServer):
    async def scene() -> None:
        for page, query in (("", ""), ("playground", "dataset=spiral"), ("playground", "dataset=iris")):
            async with visit(app_server, page, query) as visitor:
                assert not visitor.exceptions
                assert page == "" or visitor.run
        for view in VIEWS:
            query = f"corpus=packaged:descriptions&text.view={view}"
            async with visit(app_server, "train_words", query) as visitor:
                await done(visitor, query)
                assert not visitor.exceptions
                assert any(element.WhichOneof("type") == "html" for element in visitor.elements)
        async with visit(app_server, "vision", "kernel.picture=handwritten&kernel.pool=mean") as visitor:
            assert not visitor.exceptions
            drawn = [element for element in visitor.elements if element.WhichOneof("type") == "plotly_chart"]
            assert len(drawn) == 4
        asked = [("words", f"source=packaged:glove&section={section}") for section in SECTIONS]
        two = "a.source=packaged:glove&b.source=packaged:euclidean"
        asked += [("compare_words", f"{two}&section={section}") for section in COMPARED]
        for page, query in [*asked, ("index", "source=packaged:lee-fasttext")]:
            async with visit(app_server, page, query) as visitor:
                await done(visitor, query)
                assert not visitor.exceptions

    asyncio.run(scene())
    assert "numpy" in libraries(app_server.pid)
    assert not libraries(app_server.pid) & set(HEAVY)
    assert any("torch" in libraries(pid) for pid in app_server.workers()), "a worker has what the server has not"


def own_memory(pid: int) -> int:
    """Return the bytes that a process has to itself: what it maps of a file as it stands there is not among them."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"^Private_Dirty: +([0-9]+) kB", told, re.MULTILINE)) * 1024


def test_vectors_lie_once_in_memory_whoever_asks_them(app_server: AppServer):
    """Sixty megabytes, asked by a dozen people: the server takes less for all of them than one copy would."""
    rows, dimensions = 50_000, 300
    numbers = np.random.default_rng(1).normal(size=(rows, dimensions)).astype("<f4")
    file = b"%d %d\n" % numbers.shape + b"".join(b"w%d " % row + one.tobytes() for row, one in enumerate(numbers))
    source = uploads.keep(app_server.home, [file], "large.bin", "nobody")

    async def scene() -> None:
        query = f"source={source}&query=w1"
        async with visit(app_server, "words", query) as first:
            await done(first, query)
            assert not first.exceptions
            assert "50,000 words" in str(first.elements)
            before = own_memory(app_server.pid)
            for number in range(12):
                section = ("neighbours", "analogies", "questions")[number % 3]
                async with visit(app_server, "words", f"source={source}&query=w{number}&section={section}") as another:
                    assert not another.exceptions
                    assert "50,000 words" in str(another.elements)
            assert own_memory(app_server.pid) - before < numbers.nbytes / 2

    asyncio.run(scene())
    assert str(app_server.home / "words") in Path(f"/proc/{app_server.pid}/maps").read_text()


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """A server whose app lies below a path."""
    server = AppServer(tmp_path_factory.mktemp("home"), "--server.baseUrlPath", "class/one", prefix="/class/one")
    server.start()
    yield server
    server.stop()


def test_the_app_can_be_served_below_a_path(below: AppServer):
    from pages.ui.live_assets import version

    with urllib.request.urlopen(f"{below.url}/live/assets/{version()}/panel.js", timeout=PATIENCE) as answer:
        assert answer.headers["content-type"].startswith("text/javascript")
    request = urllib.request.Request(f"{below.url}/playground", headers={"accept": "text/html"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
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
