"""Fixtures of the pages' tests: a home and a hub in this process, for pages that run without a server."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import quarantine
from engine.errors import RunError
from engine.runs.pool import Pool
from pages.ui import house
from tests.app_server import ROOT, AppServer

NAVIGATION = ROOT / "pages" / "navigation.py"


@pytest.fixture(scope="session")
def own_hub(one_pool: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this test process a hub of its own, and end its runs afterwards; it is made anew where a test closes it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(home))
        patch.delenv("LEARNSCOPE_DATABASE_URL", raising=False)
        house.close()
        quarantine.keep_ready()
        yield home
        quarantine.close()
        house.close()


@pytest.fixture(scope="module")
def own_pool(own_hub: Path) -> Iterator[None]:
    """Have runs forked from a process of this module's own: it looks for texts in the home with which it has begun."""
    with pytest.MonkeyPatch.context() as patch:
        house.close()
        patch.setattr(house, "Pool", Pool)
        yield
        house.close()


@pytest.fixture
def servers_key(app_server: AppServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign with the server's own key."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(app_server.home))


@pytest.fixture
def page(own_hub: Path) -> Iterator["OpenPage"]:
    """Return a function that opens a page as a new visitor does."""
    opened = OpenPage()
    yield opened
    opened.leave()


class OpenPage:
    """Opens pages; each call is another visitor. Their runs are ended by ``leave``."""

    def __init__(self) -> None:
        self._visits: list[AppTest] = []

    def __call__(self, name: str = "playground.py", **address: str | list[str]) -> AppTest:
        visit = AppTest.from_file(str(NAVIGATION), default_timeout=60)
        visit.switch_page(name)
        for key, value in address.items():
            visit.query_params[key] = value
        self._visits.append(visit)
        return visit.run()

    def leave(self) -> None:
        for visit in self._visits:
            named = [visit.query_params.get(name, "") for name in ("run", "b")]
            for run in ".".join(name if isinstance(name, str) else name[0] for name in named).split("."):
                with contextlib.suppress(RunError):  # it has ended, or there never was one
                    house.hub().command(run, "stop")
