"""The run store on real SQLite files, good and bad."""

import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from engine.errors import RunNotFound, StoreError
from engine.runs.run import LIVE_STATES, STATES, Run
from engine.runs.schema import default_url
from engine.runs.store import Batch, Store


def make_run(run_id: str = "a", owner: str = "me", *, state: str = "ready", step: int = 0, created: float = 1.0) -> Run:
    return Run(run_id, "toy", "{}", owner, state, step, "", created, created)  # pyright: ignore[reportArgumentType]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock of a database, as another program may."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_a_run_comes_back_as_it_was_written(store: Store) -> None:
    run = make_run("Robert'); DROP TABLE runs;--", "o'wner")
    store.create_run(run)
    assert store.get_run(run.id) == run
    store.set_state(run.id, "paused", 12, "tired")
    back = store.get_run(run.id)
    assert (back.state, back.step, back.message) == ("paused", 12, "tired")
    assert back.updated > run.updated


def test_lists_are_newest_first_and_of_one_owner(store: Store) -> None:
    for i in range(6):
        store.create_run(make_run(f"run{i}", "ab"[i % 2], created=float(i)))
    assert [run.id for run in store.list_runs()] == ["run5", "run4", "run3", "run2", "run1", "run0"]
    assert [run.id for run in store.list_runs("a", limit=2)] == ["run4", "run2"]
    assert store.list_runs("nobody") == []


def test_a_batch_is_found_again_with_nan_and_infinity(store: Store) -> None:
    store.create_run(make_run())
    row = np.array([np.nan, np.inf, -0.0, 1e-300])
    weights = save({"layers.0.weight": np.array([[np.nan, 1.0]], np.float32)})
    batch = Batch(
        frames={0: b"zero", 5: b"five", 9: b"nine"},
        rows={0: row.tobytes(), 5: row.tobytes()},
        checkpoints={2: weights, 9: save({"late": np.zeros(1)})},
        events=[(1, 5, "learning_rate", "0.1")],
        opening=b"opening",
    )
    store.append(make_run(state="running", step=9), batch)
    assert store.get_run("a").step == 9
    assert store.opening("a") == b"opening"
    assert store.frame_steps("a") == [0, 5, 9]
    assert [store.frame("a", step) for step in (-1, 0, 4, 5, 8, 9, 99)] == [
        None,
        b"zero",
        b"zero",
        b"five",
        b"five",
        b"nine",
        b"nine",
    ]
    assert store.frame("a") == b"nine"
    assert store.rows("a") == [(0, row.tobytes()), (5, row.tobytes())]
    assert store.events("a") == [(5, "learning_rate", "0.1")]
    for step in (2, 8):
        found = store.checkpoint("a", step)
        assert found is not None
        assert found[0] == 2
        np.testing.assert_array_equal(found[1]["layers.0.weight"], [[np.nan, 1.0]])
    assert store.checkpoint("a", 1) is None
    assert store.checkpoint("a", 99)[0] == 9  # type: ignore[index]


def test_thinned_and_void_steps_go(store: Store) -> None:
    store.create_run(make_run())
    run = make_run(state="running")
    weights = save({"w": np.zeros(1)})
    steps = range(2000)
    store.append(run, Batch(checkpoints=dict.fromkeys(steps, weights)))
    store.append(
        run, Batch(frames=dict.fromkeys(steps, b"f"), rows=dict.fromkeys(steps, b"r"), events=[(1, 1, "a", "b")])
    )
    store.append(
        run, Batch(gone_frames=list(steps[1:-1]), gone_rows=list(steps[1::2]), gone_checkpoints=list(steps[2:]))
    )
    assert store.frame_steps("a") == [0, 1999]
    assert len(store.rows("a")) == 1000
    assert store.checkpoint("a", 1999)[0] == 1  # type: ignore[index]
    store.append(run, Batch(void=True, frames={0: b"again"}))
    assert (store.frame_steps("a"), store.rows("a"), store.events("a")) == ([0], [], [])
    assert store.checkpoint("a", 1999) is None


def test_a_deleted_run_is_gone_with_all_it_had(store: Store, tmp_path: Path) -> None:
    for run_id in ("a", "b"):
        store.create_run(make_run(run_id))
        store.append(make_run(run_id), Batch(frames={0: b"f"}, rows={0: b"r"}, events=[(1, 0, "a", "b")]))
    store.delete_run("a")
    store.delete_run("a")
    with pytest.raises(RunNotFound, match="no run 'a'"):
        store.get_run("a")
    with pytest.raises(RunNotFound):
        store.append(make_run("a"), Batch(frames={1: b"f"}))
    with pytest.raises(RunNotFound):
        store.set_state("a", "paused", 1)
    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
        for table in ("runs", "frames", "scalars", "events"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)
    store.append(make_run("a"), Batch(frames={1: b"f"}), create=True)
    assert store.frame_steps("a") == [1]


def test_a_new_server_calls_live_runs_interrupted_and_forgets_those_not_begun(store: Store) -> None:
    for state in STATES:
        store.create_run(make_run(state, state=state, step=3))
    store.create_run(make_run("never begun"))
    store.mark_interrupted()
    after = {run.id: run.state for run in store.list_runs()}
    assert after == {state: "interrupted" if state in LIVE_STATES else state for state in STATES}


def test_thirty_threads_write_into_one_file(store: Store) -> None:
    def write(run_id: str) -> None:
        own = Store.prepared(store.url, patience=20)
        for step in range(10):  # each reads before it writes: in a deferred transaction that would fail at once
            own.append(make_run(run_id, state="running", step=step), Batch(frames={step: bytes(5_000)}), create=True)
        own.close()

    threads = [threading.Thread(target=write, args=(f"run{i}",)) for i in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(store.frame_steps(run.id)) for run in store.list_runs()] == [10] * 30


def test_a_locked_database_is_told_and_can_still_be_read(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}", patience=0.05)
    store.create_run(make_run())
    with locked(tmp_path / "runs.db"):
        with pytest.raises(StoreError, match="locked by another program"):
            store.set_state("a", "paused", 1)
        assert store.get_run("a").state == "ready"
    store.set_state("a", "paused", 1)
    store.close()


def test_a_patient_store_waits_for_a_locked_database(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}", patience=20)
    store.create_run(make_run())
    held = threading.Event()

    def hold() -> None:
        with locked(tmp_path / "runs.db"):
            held.set()
            time.sleep(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    store.set_state("a", "paused", 1)
    holder.join()
    store.close()


@pytest.mark.parametrize(
    "damage", [b"this is no database, only some text that is long enough" * 20, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_a_damaged_file_is_told(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "runs.db"
    path.write_bytes(damage)
    with pytest.raises(StoreError, match=r"moves (it|the file) away"):
        Store(f"sqlite:///{path}")
    assert path.read_bytes() == damage


def test_a_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'runs.db'}"
    Store(url).close()
    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
        connection.execute("UPDATE meta SET value = '99'")
        connection.commit()
    with pytest.raises(StoreError, match="expected its version to be 4, found 99"):
        Store(url)


@pytest.mark.parametrize("what", ["frames", "checkpoints"])
def test_a_full_disk_is_told_and_nothing_is_half_written(store: Store, what: str) -> None:
    store.create_run(make_run())
    small = Store(store.url)
    with small._database.writing() as connection:  # the nearest thing to a full disk: a file that may not grow
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with small._database.reading() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="is full"):
        small.append(make_run(), Batch(**{what: {step: bytes(50_000) for step in range(20)}}))
    kept = small.kept("a")
    assert (kept.frames, kept.checkpoints) == ([], [])
    small.close()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "nonsense", "oracle9://x/y", "sqlite:////proc/nowhere/runs.db"]
)
def test_a_url_that_cannot_be_used_is_told(url: str) -> None:
    with pytest.raises(StoreError) as told:
        Store(url)
    assert url not in str(told.value)
    assert "nowhere" not in str(told.value)


def test_what_is_said_of_a_bad_database_names_no_place_and_no_sql_and_the_log_does(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    impatient = Store.prepared(store.url, patience=0.01)
    with locked(tmp_path / "runs.db"), pytest.raises(StoreError) as is_locked:
        impatient.create_run(make_run())
    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
        connection.execute("DROP TABLE runs")
    for _ in range(3):
        with pytest.raises(StoreError) as no_table:
            store.get_run("a")
    impatient.close()
    read_only = Store.prepared(f"sqlite:///file:{tmp_path / 'runs.db'}?mode=ro&uri=true", patience=0.01)
    with pytest.raises(StoreError, match="is read-only") as no_writing:
        read_only.delete_run("a")
    read_only.close()
    for told in (is_locked, no_table, no_writing):
        said = str(told.value)
        assert not any(mark in said for mark in ("/", "sqlite", "SELECT", "table", "runs.db", str(tmp_path))), said
    assert caplog.text.count("no such table: runs") == 1, "who meets a bad database tries again and again"
    assert "SELECT" in caplog.text
    assert str(tmp_path / "runs.db") in caplog.text


def test_a_database_named_by_a_uri_makes_no_folder_of_its_scheme(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store.create_run(make_run())
    by_uri = Store.prepared(f"sqlite:///file:{tmp_path / 'runs.db'}?mode=rw&uri=true", patience=0.01)
    assert by_uri.get_run("a").id == "a"
    by_uri.close()
    assert not (tmp_path / "file:").exists()


def test_a_password_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(StoreError):
        Store("oracle9://me:secret@db/runs")
    assert "oracle9://me:***@db/runs" in caplog.text
    assert "secret" not in caplog.text


def test_the_default_is_a_private_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEARNSCOPE_DATABASE_URL", raising=False)
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    Store().close()
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    assert (tmp_path / "home" / "learnscope.db").exists()
    assert default_url({"LEARNSCOPE_DATABASE_URL": "postgresql://db/runs"}) == "postgresql://db/runs"
    assert default_url({}).endswith("/.learnscope/learnscope.db")
