"""What befalls the database while runs go on: the run says so in a sentence, goes on, and in the end all is there."""

import os
import resource
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import StoreReplaced
from engine.runs import schema
from engine.runs.schema import Database
from engine.runs.store import Store
from tests.engine.runs.conftest import Bench, Watcher, children, until
from tests.engine.runs.test_resuming import assert_never_interrupted, pause, train_to
from tests.engine.runs.test_store import locked


@pytest.fixture(autouse=True)
def _told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the server's side, which is this process, tell of a replaced database once; workers do for seconds."""
    monkeypatch.setattr(schema, "TOLD_SECONDS", 0.0)


@pytest.fixture
def running(own_bench: Bench) -> Watcher:
    watcher = own_bench.ready()
    own_bench.command(watcher, "resume")
    return watcher.wait_step(20)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.db"


def observer_of(bench: Bench, watcher: Watcher) -> int:
    (found,) = children(bench.hub.pid_of(watcher.run.id))
    return found


def end_and_compare(bench: Bench, watcher: Watcher) -> None:
    """Stop the run and find everything in the store that its watcher was shown; it goes on as if nothing had been."""
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    assert set(watcher.rows) <= {step for step, _ in bench.store.rows(watcher.run.id)}
    for step, frame in watcher.frames.items():
        assert bench.store.frame(watcher.run.id, step) is not None, frame
    train_to(bench, watcher, watcher.run.step + 20)
    pause(bench, watcher)
    assert_never_interrupted(bench, watcher)


def test_a_full_disk_is_told_and_forgotten_when_there_is_room_also_by_a_run_that_stands_still(
    own_bench: Bench, running: Watcher
) -> None:
    observer = observer_of(own_bench, running)
    resource.prlimit(observer, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    running.wait(lambda w: "its disk is full, away or broken" in w.said)
    running.wait_step(running.run.step + 50)
    pause(own_bench, running)
    running.wait(lambda w: w.state == "paused" and "its disk is full" in w.said)
    assert own_bench.store.frame_steps(running.run.id)[-1] < running.run.step
    resource.prlimit(observer, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    running.wait(lambda w: not w.said)
    assert own_bench.store.frame_steps(running.run.id) == sorted(running.rows)
    assert own_bench.store.checkpoint(running.run.id, running.run.step)[0] == running.run.step  # type: ignore[index]
    end_and_compare(own_bench, running)


@pytest.mark.parametrize("how", ["deleted", "moved away"])
def test_a_database_that_is_gone_is_told_and_made_anew_with_all_of_the_run(
    own_bench: Bench, running: Watcher, path: Path, how: str
) -> None:
    other = own_bench.ready()
    for file in path.parent.glob("runs.db*"):
        file.unlink() if how == "deleted" else file.rename(f"{file}.away")
    running.wait(lambda w: "was deleted or moved away" in w.said)
    assert running.state == "running"
    running.wait_step(running.run.step + 50)
    assert path.exists()
    with pytest.raises(StoreReplaced, match="what goes on is recorded there"):
        own_bench.store.list_runs()
    until(lambda: [run.id for run in own_bench.store.list_runs()] == [running.run.id])
    end_and_compare(own_bench, running)
    own_bench.command(other, "epoch")
    other.wait_state("paused")
    until(lambda: own_bench.store.frame_steps(other.run.id)[-1:] == [7])


def test_a_damaged_database_is_told_until_it_is_moved_away(own_bench: Bench, running: Watcher, path: Path) -> None:
    for file in (path, path.with_name("runs.db-wal")):
        file.write_bytes(os.urandom(file.stat().st_size))
    running.wait(lambda w: "The database of runs is damaged" in w.said or "is no database" in w.said)
    running.wait_step(running.run.step + 50)
    for file in path.parent.glob("runs.db*"):
        file.rename(f"{file}.away")
    running.wait(lambda w: "was deleted or moved away" in w.said)
    with pytest.raises(StoreReplaced):
        own_bench.store.list_runs()
    end_and_compare(own_bench, running)


def test_a_database_of_a_newer_learnscope_in_its_place_is_told_and_left_alone(
    own_bench: Bench, running: Watcher, path: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.db"
    Store(f"sqlite:///{newer}").close()
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE meta SET value = '99'")
        connection.commit()
    for file in path.parent.glob("runs.db*"):
        file.rename(f"{file}.away")
    newer.rename(path)
    running.wait(lambda w: "written by another Learnscope" in w.said)
    assert running.state == "running"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (0,)


def test_a_lock_is_forgotten_by_a_run_that_stands_still(own_bench: Bench, running: Watcher, path: Path) -> None:
    with locked(path):
        pause(own_bench, running)
        running.wait(lambda w: "locked by another program" in w.said)
    running.wait(lambda w: not w.said)
    assert own_bench.store.get_run(running.run.id).step == running.run.step
    assert own_bench.store.frame_steps(running.run.id) == sorted(running.rows)


def test_a_reset_that_could_not_be_recorded_is_recorded_by_the_server(
    own_bench: Bench, running: Watcher, path: Path
) -> None:
    own_bench.command(running, "set", "learning_rate=0.5")
    running.wait_step(running.run.step + 1_500)  # for longer than a second: it is recorded
    with locked(path):
        own_bench.command(running, "reset")
        running.wait_state("ready")
        train_to(own_bench, running, 30)
        os.kill(own_bench.hub.pid_of(running.run.id), signal.SIGKILL)
        running.wait_state("crashed")
    until(lambda: running.run.id not in own_bench.hub.live_ids())
    last = running.run.step
    assert own_bench.store.frame_steps(running.run.id) == sorted(running.rows)
    assert own_bench.store.get_run(running.run.id).step == last
    assert own_bench.store.events(running.run.id) == [(0, "learning_rate", "0.5")]
    train_to(own_bench, running, last + 30)
    pause(own_bench, running)
    assert_never_interrupted(own_bench, running, [(0, "learning_rate", "0.5")])


def test_a_setting_that_was_changed_just_before_a_crash_holds(own_bench: Bench, running: Watcher) -> None:
    pid = own_bench.hub.pid_of(running.run.id)
    own_bench.command(running, "set", "learning_rate=0.25")
    running.wait(lambda w: w.of("state")[-1].header["learning_rate"] == 0.25)
    os.kill(pid, signal.SIGKILL)
    running.wait_state("crashed")
    until(lambda: running.run.id not in own_bench.hub.live_ids())
    last = running.run.step
    ((at, *change),) = own_bench.store.events(running.run.id)
    assert change == ["learning_rate", "0.25"]
    train_to(own_bench, running, last + 30)
    pause(own_bench, running)
    assert running.rows[running.run.step][4] == 0.25
    assert_never_interrupted(own_bench, running, [(min(at, last), "learning_rate", "0.25")])


def test_where_the_file_is_the_same_nobody_is_told_anything(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'runs.db'}"
    database = Database(url, 1.0)
    database.prepare()
    other = Database(url, 1.0)
    for _ in range(3):
        for one in (database, other):
            with one.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES ('a', 'b')")
    (tmp_path / "runs.db").rename(tmp_path / "away.db")
    for one in (database, other):
        began = time.monotonic()
        with pytest.raises(StoreReplaced), one.reading():
            pass
        with one.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM meta").scalar() == 1
        assert time.monotonic() - began < 5
        one.close()


def test_everybody_is_told_of_another_database_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    Store(f"sqlite:///{tmp_path / 'other.db'}").close()
    monkeypatch.setattr(schema, "TOLD_SECONDS", 1_000.0)
    (tmp_path / "other.db").rename(tmp_path / "runs.db")
    for _ in range(3):
        with pytest.raises(StoreReplaced, match="was replaced by another one"):
            store.list_runs()
    (tmp_path / "runs.db").unlink()
    monkeypatch.setattr(schema, "TOLD_SECONDS", 0.0)
    with pytest.raises(StoreReplaced, match="a new one was made"):
        store.list_runs()
    assert store.list_runs() == []
    store.close()
