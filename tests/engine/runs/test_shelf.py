"""What becomes of runs that their owners name, put away and take back; and the course of each in short."""

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from engine.errors import RunError, RunNotFound, RunRefused
from engine.frames import Message, encode
from engine.runs.curve import MOST_POINTS, make_curve
from engine.runs.limits import Limits
from engine.runs.loop import LoopThread
from engine.runs.run import Run
from engine.runs.shelf import Shelf
from engine.runs.store import Batch, Store
from tests.engine.runs.conftest import Bench, until
from tests.engine.runs.test_store import make_run

OPENING = encode(Message("opening", {"run": "a", "scalars": [], "words": {"score": "accuracy"}}))


def heads(*rows: tuple[float, ...]) -> list[bytes]:
    return [np.array(row, "<f8").tobytes() for row in rows]


@pytest.fixture
def shelf(store: Store) -> Iterator[Shelf]:
    loop = LoopThread("test")
    yield Shelf(store, Limits(max_named=2, undo=100.0), {}, loop)
    loop.close()


def over(store: Store, run_id: str = "a", owner: str = "me", **more: object) -> Run:
    """A run that was stopped at step 3."""
    store.create_run(make_run(run_id, owner, state="stopped", step=3, **more))  # type: ignore[arg-type]
    return store.get_run(run_id)


def test_a_run_is_given_a_name_and_loses_it_again(store: Store, shelf: Shelf) -> None:
    run = over(store)
    assert shelf.rename("a", "me", "  My\tbest\u2028run \x00 ").name == "My best run"
    assert store.get_run("a").name == "My best run"
    assert store.get_run("a").updated == run.updated, "it was renamed, nothing was done in it"
    shelf.rename("a", "me", "")
    assert store.get_run("a") == run


def test_a_name_has_an_end_and_so_has_the_number_of_names(store: Store, shelf: Shelf) -> None:
    for run_id in "abc":
        over(store, run_id)
    over(store, "other", "you")
    shelf.rename("a", "me", "x" * 80)
    with pytest.raises(RunError, match="at most 80 characters, received 81"):
        shelf.rename("a", "me", "x" * 81)
    shelf.rename("b", "me", "b")
    with pytest.raises(RunRefused, match="You have 2 runs with a name"):
        shelf.rename("c", "me", "c")
    shelf.rename("b", "me", "another")
    shelf.rename("other", "you", "theirs")
    shelf.delete("a", "me")
    shelf.rename("c", "me", "c")


def test_a_deleted_run_is_gone_and_can_be_taken_back(store: Store, shelf: Shelf) -> None:
    run = over(store)
    store.append(run, Batch(frames={0: b"f"}))
    assert shelf.delete("a", "me").deleted == pytest.approx(time.time(), abs=5)
    assert store.list_runs("me") == []
    with pytest.raises(RunNotFound):
        store.get_run("a")
    (away,) = shelf.put_away("me")
    assert away.id == "a"
    assert shelf.put_away("you") == []
    assert shelf.undelete("a", "me").deleted is None
    assert [run.id for run in store.list_runs("me")] == ["a"]
    assert store.frame_steps("a") == [0]
    assert shelf.put_away("me") == []


def test_what_was_deleted_too_long_ago_does_not_come_back(store: Store, shelf: Shelf) -> None:
    over(store)
    shelf.archive.write("a", deleted=time.time() - 101)
    assert shelf.put_away("me") == []
    with pytest.raises(RunNotFound, match="deleted too long ago"):
        shelf.undelete("a", "me")
    store.delete_run("a")
    with pytest.raises(RunNotFound, match="deleted for good"):
        shelf.undelete("a", "me")


def test_a_run_that_was_deleted_last_is_offered_first(store: Store, shelf: Shelf) -> None:
    for run_id in "abc":
        over(store, run_id)
    for run_id in "bac":
        shelf.delete(run_id, "me")
    assert [run.id for run in shelf.put_away("me")] == ["c", "a", "b"]
    before = shelf.archive.find("b").deleted
    shelf.delete("b", "me")
    assert shelf.archive.find("b").deleted == before, "its time does not begin anew"


@pytest.mark.parametrize("act", ["rename", "delete", "undelete", "bring"])
def test_a_run_of_somebody_else_is_left_alone(store: Store, shelf: Shelf, act: str) -> None:
    over(store)
    if act == "undelete":
        shelf.delete("a", "me")
    before = shelf.archive.find("a")
    arguments = {"rename": ("mine",), "bring": ("class-1",)}.get(act, ())
    with pytest.raises(RunRefused, match="belongs to someone else"):
        getattr(shelf, act)("a", "you", *arguments)
    assert shelf.archive.find("a") == before


def test_a_live_run_is_stopped_as_it_is_deleted_and_comes_back_stopped(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(20)
    run_id = watcher.run.id
    assert bench.hub.shelf.rename(run_id, "me", "The first").name == "The first"
    assert bench.hub.get(run_id).name == "The first"
    bench.hub.shelf.delete(run_id, "me")
    assert run_id not in [run.id for run in bench.hub.runs_of("me")]
    with pytest.raises(RunNotFound):
        bench.hub.get(run_id)
    watcher.wait_state("stopped")
    until(lambda: run_id not in bench.hub.live_ids())
    with pytest.raises(RunNotFound):
        bench.hub.resume(run_id)
    with pytest.raises(RunNotFound):
        bench.hub.branch(run_id, 0, "me")
    with pytest.raises(RunNotFound):
        bench.hub.watch(run_id, lambda: None)
    bench.hub.shelf.undelete(run_id, "me")
    back = bench.hub.get(run_id)
    assert (back.state, back.name) == ("stopped", "The first")
    assert back.step >= 20
    bench.hub.command(run_id, "step")
    until(lambda: bench.hub.get(run_id).step > back.step)
    assert bench.hub.get(run_id).name == "The first"
    bench.hub.command(run_id, "stop")


def test_a_branch_is_a_run_of_its_own(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "step")
    watcher.wait_state("paused")
    until(lambda: bench.store.get_run(watcher.run.id).step == 1)
    bench.hub.shelf.rename(watcher.run.id, "me", "The parent")
    child = bench.hub.branch(watcher.run.id, 1, "you", class_code="class-1")
    bench.hub.shelf.delete(watcher.run.id, "me")
    assert (bench.hub.get(child.id).name, child.class_code) == ("", "class-1")
    with pytest.raises(RunRefused):
        bench.hub.shelf.rename(child.id, "me", "mine")
    bench.hub.command(child.id, "stop")


def test_the_curve_of_a_live_run_is_that_of_its_scalars_and_stays_when_it_is_over(bench: Bench) -> None:
    watcher = bench.ready()
    assert bench.hub.shelf.curve(watcher.run).steps.tolist() == [0]  # type: ignore[union-attr]
    for step in range(3):
        bench.command(watcher, "step")
        watcher.wait_step(step + 1)
    run_id = watcher.run.id
    until(lambda: bench.hub.shelf.curve(watcher.run).step == 3)  # type: ignore[union-attr]
    live = bench.hub.shelf.curve(watcher.run)
    assert live is not None
    rows = watcher.rows
    assert live.steps.tolist() == sorted(rows) == [0, 1, 2, 3]
    assert live.losses.tolist() == [rows[step][0] for step in range(4)]
    assert live.val_losses.tolist() == [rows[step][1] for step in range(4)]
    np.testing.assert_array_equal([live.loss, live.val_loss, live.val_score], rows[3][[0, 1, 3]])
    assert live.score_name == "accuracy"
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    until(lambda: run_id not in bench.hub.live_ids())
    stored = bench.hub.shelf.curve(bench.hub.get(run_id))
    assert stored is not None
    for name in ("steps", "losses", "val_losses"):
        np.testing.assert_array_equal(getattr(stored, name), getattr(live, name))
    assert (stored.step, stored.loss, stored.score_name) == (3, live.loss, "accuracy")


def test_a_curve_keeps_both_ends_and_the_best_score_though_it_is_thinned() -> None:
    steps = list(range(0, 9_000, 3))
    scores = np.sin(np.arange(3_000.0))
    scores[1_234] = 2.0
    rows = [(1.0 / (step + 1), 2.0, 0.0, score) for step, score in zip(steps, scores, strict=True)]
    curve = make_curve(OPENING, steps, heads(*rows))
    assert curve is not None
    assert len(curve.steps) == MOST_POINTS
    assert (curve.steps[0], curve.steps[-1], curve.step) == (0, 8_997, 8_997)
    np.testing.assert_array_equal(curve.losses, 1.0 / (curve.steps + 1.0))
    assert np.ptp(np.diff(curve.steps)) <= 3, "evenly"
    assert curve.best == 2.0


def test_a_curve_of_nothing_of_one_step_and_without_a_score() -> None:
    assert make_curve(OPENING, [], []) is None
    one = make_curve(None, [0], heads((math.inf, math.nan, 0.5, math.nan)))
    assert one is not None
    assert (one.steps.tolist(), one.losses.tolist()) == ([0], [math.inf])
    assert math.isnan(one.best)
    assert one.score_name == "score"
    bad = make_curve(OPENING, [0, 1], heads((1, 1, 1, -3.0), (1, 1, 1, math.nan)))
    assert bad is not None
    assert bad.best == -3.0
    assert math.isnan(bad.val_score)


def test_the_curve_of_a_recorded_run_is_read_once(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    run = over(store)
    row = np.arange(9.0).tobytes()
    store.append(run, Batch(rows={0: row, 3: row}, opening=OPENING))
    run = store.get_run("a")
    curve = shelf.curve(run)
    assert curve is not None
    assert (curve.loss, curve.val_loss, curve.val_score, curve.score_name) == (0.0, 1.0, 3.0, "accuracy")
    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
        connection.execute("DELETE FROM scalars")
        connection.commit()
    assert shelf.curve(run) is curve
    store.set_state("a", "stopped", 3)
    assert shelf.curve(store.get_run("a")) is None, "something was done in it since"
