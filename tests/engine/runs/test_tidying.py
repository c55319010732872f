"""What is deleted for good: what was put away for too long, what is too much, tables that nobody needs."""

import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from engine.data import uploads
from engine.data.images import own as images
from engine.data.sequences import own as sequences
from engine.errors import RunNotFound
from engine.runs import schema
from engine.runs.archive import Archive
from engine.runs.classes import Classes
from engine.runs.hub import Hub
from engine.runs.limits import Limits
from engine.runs.pool import Pool
from engine.runs.run import STATES, Run
from engine.runs.schema import OF_A_RUN
from engine.runs.store import Batch, Store
from engine.runs.tidying import Tidying
from engine.words.texts import own as texts
from tests.engine.runs.conftest import until
from tests.engine.runs.test_store import locked, make_run
from tests.hostile.images import batch

TABLE = b"a,b,c\n" + b"".join(b"%d,2,3\n" % n for n in range(20))


def tidying(store: Store, *busy: str, **limits: float) -> Tidying:
    chosen = Limits(**limits)  # type: ignore[arg-type]
    return Tidying(Archive(store), Classes(store, {}), chosen, lambda: busy, threading.Lock())


def add(store: Store, run_id: str, size: int = 10, **more: object) -> None:
    """A run that is over, with one of everything that can be recorded of one."""
    run = make_run(run_id, **({"state": "stopped", "step": 3} | more))  # type: ignore[arg-type]
    store.create_run(run)
    store.append(run, Batch(frames={0: bytes(size)}, rows={0: b"r"}, checkpoints={0: b"c"}, events=[(1, 0, "a", "b")]))


def ids(store: Store) -> set[str]:
    with closing(sqlite3.connect(store.url.removeprefix("sqlite:///"))) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM runs")}


def test_what_was_put_away_long_ago_goes_with_all_it_had_and_gives_its_room_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "SPARE_PAGES", 10)
    for run_id in ("old", "new", "there"):
        add(store, run_id, size=3_000_000)
    archive = Archive(store)
    archive.write("old", deleted=time.time() - 11)
    archive.write("new", deleted=time.time() - 9)

    def size() -> int:
        with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (tmp_path / "runs.db").stat().st_size

    before = size()
    tidying(store, undo=10).runs()
    assert ids(store) == {"new", "there"}
    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
        for table in OF_A_RUN:
            assert connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (2,)
    assert before - size() > 2_900_000
    with locked(tmp_path / "runs.db"):
        Archive(store).reclaim()  # there is nothing to do, so that it asks for nothing


def test_of_each_owner_the_newest_are_kept_and_those_with_a_name(store: Store) -> None:
    for number in range(6):
        add(store, f"me{number}", created=float(number))
        add(store, f"you{number}", owner="you", created=float(number))
    archive = Archive(store)
    archive.write("me5", name="The last")
    archive.write("you1", name="An old one")
    archive.write("you5", deleted=time.time())
    tidying(store, "me1", max_kept=3).runs()
    assert ids(store) == {"me1", "me2", "me3", "me4", "me5", "you1", "you2", "you3", "you4", "you5"}


def test_a_run_that_goes_on_neither_counts_nor_goes(store: Store) -> None:
    for number, state in enumerate(STATES):
        add(store, state, state=state, created=100.0 - number)
    tidying(store, max_kept=1).runs()
    assert ids(store) == {"ready", "running", "paused", "finished"}


def test_a_run_that_was_named_or_goes_on_since_one_looked_stays(store: Store) -> None:
    add(store, "a")
    add(store, "b")
    archive = Archive(store)
    assert archive.surplus(0, ()) == ["a", "b"]
    archive.write("a", name="mine")
    store.set_state("b", "paused", 3)
    assert [archive.drop(run_id) for run_id in "ab"] == [False, False]
    store.set_state("b", "stopped", 3)
    assert archive.drop("b")


def test_a_locked_store_is_told_in_the_log_and_nothing_else_happens(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add(store, "a")
    Archive(store).write("a", deleted=1.0)
    with locked(tmp_path / "runs.db"):
        tidying(Store.prepared(store.url, patience=0.01)).runs()
    assert "could not be tidied up: The database of runs is busy" in caplog.text
    assert ids(store) == {"a"}


def test_a_server_tidies_up_as_it_starts(store: Store, pool: Pool, tmp_path: Path) -> None:
    add(store, "a")
    Archive(store).write("a", deleted=1.0)
    hub = Hub(store, pool)
    until(lambda: ids(store) == set())
    with pytest.raises(RunNotFound):
        hub.get("a")
    hub.close()


def test_a_hub_that_is_closed_waits_for_its_tidying_which_comes_to_an_end(
    store: Store, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, released, over = threading.Event(), threading.Event(), threading.Event()

    def purge(archive: Archive, before: float) -> bool:
        begun.set()
        released.wait(60)
        return True  # there is always another

    monkeypatch.setattr(Archive, "purge", purge)
    monkeypatch.setattr(Archive, "reclaim", lambda archive: over.set())
    hub = Hub(store, pool)
    assert begun.wait(60)
    ending = threading.Thread(target=hub.close)
    ending.start()
    ending.join(0.5)
    assert ending.is_alive(), "a database must not be closed, or replaced, under whoever uses it"
    released.set()
    ending.join(60)
    assert not ending.is_alive()
    assert over.is_set(), "what was begun has come to its end"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def uploaded(home: Path, data: bytes, age: float) -> str:
    upload = uploads.save(data, "t.csv")
    used = time.time() - age
    os.utime(home / "uploads" / f"{upload}.csv", (used, used))
    mark = home / "uploads" / uploads.BY_PERSON / "person-a" / f"{upload}.{len(data)}"
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return upload


def test_old_tables_that_no_run_needs_go_and_leave_their_owners_account(store: Store, home: Path) -> None:
    needed, undone, unneeded, fresh = (
        uploaded(home, TABLE + b"%d,1,1\n" % n, age=5.0 if n == 3 else 100.0) for n in range(4)
    )
    for run_id, upload in (("a", needed), ("b", undone)):
        spec = f'{{"dataset":"csv","upload":"{upload}"}}'
        store.create_run(Run(run_id, "playground", spec, "me", "stopped", 3, "", 1.0, 1.0))
    Archive(store).write("b", deleted=time.time())
    tidying(store, unused_upload=50.0).tables()
    assert {path.stem for path in (home / "uploads").glob("*.csv")} == {needed, undone, fresh}
    assert {path.stem for path in (home / "uploads").glob("*.name")} == {needed, undone, fresh}
    assert {path.stem for path in (home / "uploads" / uploads.BY_PERSON).rglob("*.*")} == {needed, undone, fresh}
    assert unneeded not in (needed, undone, fresh)


def test_old_texts_images_and_sequences_that_no_run_needs_go(store: Store, home: Path) -> None:
    texts_kept = [texts.keep(home, [b"the dog sees the cat %d " % n * 30], "tale.txt", "ann") for n in range(3)]
    sets = [images.keep(home, [batch(n + 1)], "b.bin", "ann") for n in range(3)]
    read = [sequences.keep(home, [b"a,x\nb,y\nc%d,x\n" % n], "t.csv", "ann") for n in range(3)]
    long_ago = time.time() - 100.0
    folders = ((texts.FOLDER, texts_kept), (images.FOLDER, sets), (sequences.FOLDER, read))
    for folder, (needed, unneeded, _fresh) in folders:
        store.create_run(Run(folder, "playground", f'{{"own":"{needed}"}}', "me", "stopped", 3, "", 1.0, 1.0))
        for asked in (needed, unneeded):
            os.utime(home / folder / asked / "about.json", (long_ago, long_ago))
    tidying(store, unused_upload=50.0).tables()
    for owned, (needed, unneeded, fresh) in (
        (texts.TEXTS, texts_kept),
        (images.IMAGES, sets),
        (sequences.SEQUENCES, read),
    ):
        assert {one.id for one in owned.listed(home, "ann")} == {needed, fresh}
        assert not (home / owned.folder / unneeded).exists()


def test_a_table_that_is_looked_at_is_not_old(store: Store, home: Path) -> None:
    upload = uploaded(home, TABLE, age=10_000.0)
    assert uploads.unused_since(time.time() - 50.0) == {upload}
    uploads.load(upload)
    assert uploads.unused_since(time.time() - 50.0) == set()


def test_a_server_leaves_tables_alone_that_are_not_its_own(
    store: Store, pool: Pool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.runs.hub.TIDY_SECONDS", 0.05)
    upload = uploaded(home, TABLE, age=10_000.0)
    limits = Limits(unused_upload=50.0)
    hub = Hub(store, pool, limits)
    time.sleep(0.3)
    hub.close()
    assert (home / "uploads" / f"{upload}.csv").exists()
    hub = Hub(store, pool, limits, tidies_uploads=True)
    until(lambda: not (home / "uploads" / f"{upload}.csv").exists())
    hub.close()
