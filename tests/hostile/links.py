"""What a link, a name or a damaged store may bring: a sentence, and everything else as it was."""

import resource
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.data import uploads
from engine.errors import DataError, LearnscopeError, StoreError
from engine.labs.catalogue import LABS
from engine.runs.run import Run
from engine.runs.store import Store
from pages.ui import house
from pages.ui import uploads as page_uploads
from tests.engine.runs.test_store import locked
from tests.hostile.files import GOOD
from tests.pages.conftest import NAVIGATION, OpenPage
from tests.pages.test_playground import begin, eventually, run_of, spec_of

SQL = ("'; DROP TABLE runs; --", '" OR 1=1 --', "%", "_", "') UNION SELECT value FROM meta --", "\\'; --")


def told(visit: AppTest) -> str:
    """Return the one notice of a page that has no other trouble."""
    assert not visit.exception
    assert not visit.error
    (notice,) = visit.warning
    sentence = notice.value.replace("\\", "")
    assert sentence.endswith((".", "?", "»."))
    assert len(sentence) < 700
    assert not [mark for mark in ("Traceback", "/tmp", ".py", "SELECT", "sqlite") if mark in sentence]
    return sentence


def a_deleted_run(page: OpenPage) -> None:
    run = begin(page())
    hub = house.hub()
    eventually(lambda: hub.get(run.id).step > 0)
    hub.shelf.delete(run.id, run.owner)
    visit = page(run=run.id, dataset="xor")
    assert "no longer here" in told(visit)
    assert run_of(visit).id != run.id
    assert spec_of(visit)["dataset"] == "xor"
    assert hub.shelf.undelete(run.id, run.owner).id == run.id, "the link changed nothing of it"


def the_spec_of_another_version(page: OpenPage) -> None:
    page()  # so that there is a hub
    specs = ('{"oven": 1}', '{"units": "many"}', "{}x", "[]", '{"dataset": "elsewhere"}')
    for number, spec in enumerate(specs):
        run = Run(f"old{number}", "playground", spec, "me", "stopped", 5, "", time.time(), time.time())
        house.hub()._store.create_run(run)
        visit = page(run=run.id)
        assert "no longer here" in told(visit)
        assert run_of(visit).id != run.id
        assert house.hub()._store.get_run(run.id).spec == spec


def sql_in_names(page: OpenPage) -> None:
    visit = page()
    run = begin(visit)
    hub = house.hub()
    eventually(lambda: hub._store.get_run(run.id).step > 0)
    before = {one.id for one in hub._store.list_runs()}
    for text in SQL:
        assert hub.shelf.rename(run.id, run.owner, text).name == text
        assert hub._store.get_run(run.id).name == text
        assert hub.runs_of(text) == []
        assert hub.shelf.put_away(text) == []
        with pytest.raises(LearnscopeError):
            hub.get(text)
        with pytest.raises(LearnscopeError):
            hub.shelf.delete(text, run.owner)
    hub.shelf.rename(run.id, run.owner, "")
    assert {one.id for one in hub._store.list_runs()} == before
    assert house.hub()._store.get_run(run.id).name == ""


def sql_in_sort_columns(page: OpenPage) -> None:
    """The order of a class comes from a page, which a browser may have changed."""
    from pages.ui.class_table import Line, ordered

    run = Run("a", "playground", LABS["playground"].spec().to_json(), "me", "stopped", 5, "", 1.0, 1.0)
    lines = [Line(name, run, None) for name in ("b", "a")]
    for text in (*SQL, "__class__", "run.owner", ""):
        assert [line.student for line in ordered(lines, text)] == ["a", "b"]
    visit = page("class.py", **{"class": "'; DROP TABLE seats; --"})
    assert not visit.exception
    assert house.hub().classes.students("seats") == {}


def two_sessions_edit_one_run(page: OpenPage) -> None:
    run = begin(page())
    hub = house.hub()
    rates = [f"0.{number:02}" for number in range(1, 21)]
    failed: list[BaseException] = []

    def edit(of: list[str]) -> None:
        for rate in of:
            try:
                hub.command(run.id, "set", f"learning_rate={rate}")
                hub.command(run.id, "pause")
            except LearnscopeError as error:
                failed.append(error)

    editors = [threading.Thread(target=edit, args=(rates[half::2],)) for half in (0, 1)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert not failed
    eventually(lambda: len(hub.changes(run.id)) == len(rates))
    changes = hub.changes(run.id)
    assert sorted(value for _, _, value in changes) == sorted(rates), "each was carried out, once"
    eventually(lambda: hub.settings(run.id)["learning_rate"] == str(float(changes[-1][2])))
    assert hub.get(run.id).live


def a_double_click(page: OpenPage) -> None:
    run = run_of(page())
    hub = house.hub()
    before, pid = set(hub.live_ids()), hub.pid_of(run.id)
    clicks = [threading.Thread(target=hub.command, args=(run.id, "resume")) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    eventually(lambda: hub.get(run.id).state == "running")
    assert set(hub.live_ids()) == before
    assert hub.pid_of(run.id) == pid


def visited(name: str, **address: str) -> AppTest:
    visit = AppTest.from_file(str(NAVIGATION), default_timeout=60)
    visit.switch_page(name)
    for key, value in address.items():
        visit.query_params[key] = value
    return visit.run()


@contextmanager
def lock(path: Path) -> Iterator[None]:
    with locked(path):
        yield


@contextmanager
def corrupt(path: Path) -> Iterator[None]:
    """Write over all of a database but its first hundred bytes."""
    good = whole(path)
    house.close()
    remove(path)
    path.write_bytes(good[:100] + b"\xa5" * (len(good) - 100))
    yield
    house.close()
    remove(path)
    path.write_bytes(good)


@contextmanager
def delete(path: Path) -> Iterator[None]:
    """Take a database away while it is in use, so that there is an empty one; then bring it back."""
    good = whole(path)
    house.hub()._store.database.close()
    remove(path)
    yield
    house.hub()._store.database.close()
    remove(path)
    path.write_bytes(good)


def whole(path: Path) -> bytes:
    """Return a database as one file, without a journal beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def database(harm: Callable[[Path], AbstractContextManager[None]], sentence: str):
    """Return the check that a page tells of a database that came to ``harm``, and works again when it is mended."""

    def check(own_house: Path) -> None:
        house.hub()
        house.hub()._store.create_run(Run("a", "playground", "{}", "me", "stopped", 3, "", 1.0, 1.0))
        with harm(own_house / "learnscope.db"):
            assert sentence in told(visited("class.py", **{"class": "otter-7"}))
            with pytest.raises(StoreError, match=sentence):
                house.hub()._store.set_state("a", "paused", 4)
        eventually(lambda: readable("a"))
        assert (house.hub().get("a").state, house.hub().get("a").step) == ("stopped", 3)
        assert not visited("class.py", **{"class": "otter-7"}).warning

    return check


def readable(run_id: str) -> bool:
    """Tell whether a run can be read; that a database is another than before is told for some seconds."""
    with suppress(StoreError):
        return bool(house.hub().get(run_id))
    return False


def a_database_that_is_read_only(own_house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_house / "learnscope.db"
    Store(f"sqlite:///{path}").close()
    monkeypatch.setenv("LEARNSCOPE_DATABASE_URL", f"sqlite:///file:{path}?mode=ro&uri=true")
    for name, address in (("home.py", {}), ("class.py", {"class": "otter-7"}), ("playground.py", {"run": "a"})):
        assert "The database of runs is read-only" in told(visited(name, **address))


def a_disk_full_at_an_upload(home: Path) -> None:
    """The nearest thing to a full disk that a process can make for itself: its files may not grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(DataError, match=r"^t\.csv could not be kept: [A-Za-z ]+\.$"):
            page_uploads.keep(GOOD, "t.csv", "person-a")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((home / "uploads").rglob("*.csv"))
    assert not list((home / "uploads").rglob("*.draft"))
    assert not (home / "uploads" / uploads.BY_PERSON).exists(), "it counts for nobody"
    page_uploads.keep(GOOD, "t.csv", "person-a")
