"""The server's hub where its store cannot be used: pages say why, and it comes back by itself."""

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import StoreError
from engine.runs.run import Run
from engine.runs.schema import VERSION
from engine.runs.store import Store
from pages.ui import house
from tests.app_server import ROOT, AppServer
from tests.browser import PATIENCE
from tests.engine.runs.test_store import locked


@pytest.fixture
def home(one_pool: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    monkeypatch.delenv("LEARNSCOPE_DATABASE_URL", raising=False)
    monkeypatch.setattr(house, "RETRY_SECONDS", 0.0)
    house.close()
    yield tmp_path
    house.close()


def left_behind(home: Path) -> Store:
    """A store with a run that is going on."""
    store = Store(f"sqlite:///{home / 'learnscope.db'}")
    store.create_run(Run("a", "toy", "{}", "me", "running", 3, "", 1.0, 1.0))
    return store


def until(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_locked_store_is_told_and_used_as_soon_as_it_can_be(home: Path):
    store = left_behind(home)
    with locked(home / "learnscope.db"), pytest.raises(StoreError, match="is busy, or locked"):
        house.hub()
    assert house.hub().get("a").state == "interrupted"
    store.close()


def test_who_comes_just_after_a_failure_does_not_wait_for_the_database_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    (home / "learnscope.db").write_bytes(b"no database" * 100)
    monkeypatch.setattr(house, "RETRY_SECONDS", 1_000.0)
    with pytest.raises(StoreError, match="is no database"):
        house.hub()
    (home / "learnscope.db").unlink()
    with pytest.raises(StoreError, match="is no database"):
        house.hub()
    monkeypatch.setattr(house, "RETRY_SECONDS", 0.0)
    house.hub()


@pytest.mark.parametrize(
    ("page", "address"), [("home.py", {}), ("playground.py", {}), ("playground.py", {"run": "a", "dataset": "xor"})]
)
def test_a_page_says_what_is_wrong_with_the_store(home: Path, page: str, address: dict[str, str]):
    (home / "learnscope.db").write_bytes(b"no database" * 100)
    visit = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    visit.switch_page(page)
    for name, value in address.items():
        visit.query_params[name] = value
    visit.run()
    assert not visit.exception
    assert "is no database" in visit.warning[0].value
    (home / "learnscope.db").rename(home / "away.db")
    visit.run()
    assert not [warning.value for warning in visit.warning if "database" in warning.value]
    if address:
        assert "xor" in visit.query_params["dataset"], "the link was not read again"


def test_a_second_server_leaves_the_runs_of_the_first_alone_until_that_has_ended(tmp_path: Path):
    said = "Another Learnscope server works with the same home"
    with AppServer(tmp_path) as first:
        store = left_behind(tmp_path)
        second = AppServer(tmp_path)
        second.log = tmp_path / "second.log"
        with second:
            assert store.get_run("a").state == "running"
            first.stop()
            assert first.exit_status == -signal.SIGTERM, "it has ended by what it was asked to, and in time"
            until(lambda: store.get_run("a").state == "interrupted")
    store.close()
    assert second.log.read_text().count(said) == 1
    assert "Traceback" not in second.log.read_text()


def test_a_server_whose_store_is_damaged_starts_says_so_once_and_comes_back(tmp_path: Path):
    damaged = b"no database" * 100
    (tmp_path / "learnscope.db").write_bytes(damaged)
    with AppServer(tmp_path) as server:
        assert (tmp_path / "learnscope.db").read_bytes() == damaged
        (tmp_path / "learnscope.db").rename(tmp_path / "away.db")
        until(lambda: "runs can be opened now" in server.log.read_text())
    with closing(sqlite3.connect(tmp_path / "learnscope.db")) as connection:
        assert connection.execute("SELECT value FROM meta").fetchone() == (str(VERSION),)
    text = server.log.read_text()
    assert text.count("no run can be opened yet: The file of runs is no database") == 1
    assert "Traceback" not in text
