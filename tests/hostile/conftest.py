"""A hub of its own for the pages of these tests, and one walk of a browser for all rows that ask what it saw."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import quarantine
from engine.jobs import Jobs
from engine.words import library
from pages.ui import house
from tests.app_server import AppServer
from tests.hostile.browsing import Seen, walked
from tests.hostile.words_walk import walked_through_words
from tests.pages.conftest import OpenPage


@pytest.fixture(scope="module")
def walk(app_server: AppServer) -> dict[str, Seen]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(app_server.home))  # to sign with the server's own key
        return walked(app_server)


@pytest.fixture(scope="module")
def walk_of_words(app_server: AppServer) -> dict[str, Seen]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(app_server.home))
        return walked_through_words(app_server)


@pytest.fixture(scope="module")
def reader() -> Iterator[None]:
    """Keep a process that reads files, as a server does."""
    quarantine.keep_ready()
    yield
    quarantine.close()


@pytest.fixture(scope="module")
def hub_home(one_pool: None, reader: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a hub in this process, for pages without a server."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(home))
        patch.delenv("LEARNSCOPE_DATABASE_URL", raising=False)
        house.close()
        yield home
        house.close()


@pytest.fixture
def page(hub_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(hub_home))
    opened = OpenPage()
    yield opened
    opened.leave()


@pytest.fixture
def home(reader: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, in which a file would show that code in a file was run."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    yield tmp_path
    assert "hacked" not in os.listdir(tmp_path)


@pytest.fixture(scope="module")
def openings() -> Iterator[Jobs]:
    """What opens files of vectors, as a server has it: one process for all rows, which forks one for each file."""
    forge = library.forge()
    jobs = Jobs(forge, at_once=4)
    yield jobs
    jobs.close()
    forge.close()


@pytest.fixture
def own_house(one_pool: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A house for one row alone, whose database may come to harm."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    monkeypatch.delenv("LEARNSCOPE_DATABASE_URL", raising=False)
    monkeypatch.setattr(house, "RETRY_SECONDS", 0.0)
    house.close()
    yield tmp_path
    house.close()
