"""Numbers put into a net by hand: seen at once, and made again at the same steps, once, wherever a run goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.frames import Message
from engine.runs.changes import COUNT, MOST_CHANGES, ahead_of
from engine.runs.pool import Pool
from engine.runs.store import Batch
from engine.training.experiment import Change
from tests.engine.runs.conftest import PATIENCE, Bench, Watcher, until
from tests.engine.runs.test_resuming import pause, train_to
from tests.engine.runs.toy import ToyExperiment, ToySpec

LOSS, PASSES = 0, 3


def put_in(bench: Bench, watcher: Watcher, place: int, value: str) -> None:
    before = len(watcher.of("changed"))
    bench.command(watcher, "set", f"weight[{place}]={value}")
    watcher.wait(lambda w: len(w.of("changed")) > before)


def rows_of(last: int, changes: list[Change]) -> dict[int, tuple[float, float]]:
    """Return loss and passes of each step of a run that was never interrupted; the hand comes at its steps."""
    experiment = ToyExperiment(ToySpec(pause=0))
    ahead, rows = list(changes), {}
    for step in experiment.steps():
        rows[step.number] = (step.loss, float(experiment.checkpoint()["number.passes"]))
        if ahead and ahead[0][0] == step.number:
            _, name, value = ahead.pop(0)
            experiment.set(name, value)
        elif step.number == last:
            break
    return rows


def assert_as_if_never_interrupted(bench: Bench, watcher: Watcher) -> None:
    """All that is known of the run, by its watcher and by the store, is what one walk gives."""
    expected = rows_of(watcher.run.step, bench.hub.changes(watcher.run.id))
    late = Watcher(bench.hub, watcher.run.id)
    late.take()
    assert max(late.rows) == watcher.run.step
    for told in (late, watcher):
        for step, row in told.rows.items():
            assert row[LOSS] == expected[step][0], step
    for step, raw in bench.store.rows(watcher.run.id):
        row = np.frombuffer(raw)
        assert (row[LOSS], np.nan_to_num(row[PASSES])) == expected[step], step


def test_a_number_that_is_put_in_is_seen_at_once_by_all_who_watch(bench: Bench) -> None:
    watcher = bench.ready()
    other = Watcher(bench.hub, watcher.run.id).wait_state("ready")
    before = watcher.frames[0].arrays["picture.value"][0]
    put_in(bench, watcher, 0, "0.75")
    for told in (watcher, other):
        told.wait(lambda w: w.frames[0].arrays["picture.value"][0] == 0.75)
        assert told.of("again")[-1].arrays["steps"].tolist() == [0]
        assert (told.run.state, told.run.step) == ("ready", 0)
    assert before != 0.75
    changes: list[Change] = [(0, "weight[0]", "0.75")]
    assert bench.hub.changes(watcher.run.id) == changes
    until(lambda: bench.store.events(watcher.run.id) == changes)
    late = Watcher(bench.hub, watcher.run.id).wait_state("ready")
    assert [message.header for message in late.of("changed")] == [{"step": 0, "name": "weight[0]", "value": "0.75"}]
    assert late.of("again") == []
    assert late.frames[0].arrays["picture.value"][0] == 0.75


def test_a_setting_of_a_run_that_holds_still_is_seen_at_once(bench: Bench) -> None:
    """What is looked at may hang on it: no step comes to show it."""
    watcher = bench.ready()
    train_to(bench, watcher, 20)
    pause(bench, watcher)
    assert watcher.of("again") == []
    bench.command(watcher, "set", "learning_rate=0.2")
    watcher.wait(lambda w: w.of("again"))
    assert watcher.of("again")[-1].arrays["steps"].tolist() == [watcher.run.step]
    assert watcher.run.state == "paused"


def test_it_is_learnt_on_from_there(bench: Bench) -> None:
    watcher = bench.ready()
    train_to(bench, watcher, 30)
    for value in ("2", "-1.5"):
        put_in(bench, watcher, 1, value)
        watcher.wait_step(watcher.run.step + 30)
    pause(bench, watcher)
    put_in(bench, watcher, 2, "3")
    put_in(bench, watcher, 2, "4")
    at = watcher.run.step
    bench.command(watcher, "epoch")
    watcher.wait(lambda w: w.state == "paused" and w.run.step > at)
    assert len(bench.hub.changes(watcher.run.id)) == 4
    assert_as_if_never_interrupted(bench, watcher)


@pytest.mark.parametrize("walked", ["from the last checkpoint", "from the beginning"])
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not(bench: Bench, walked: str) -> None:
    watcher = bench.ready()
    put_in(bench, watcher, 0, "1.25")
    train_to(bench, watcher, 30)
    put_in(bench, watcher, 1, "2")
    watcher.wait_step(watcher.run.step + 20)
    pause(bench, watcher)
    put_in(bench, watcher, 2, "-2")
    put_in(bench, watcher, 3, "0.5")
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    if walked == "from the beginning":
        with closing(sqlite3.connect(bench.store.url.removeprefix("sqlite:///"), timeout=PATIENCE)) as connection:
            connection.execute("DELETE FROM checkpoints WHERE run_id = ?", (watcher.run.id,))
            connection.commit()
    train_to(bench, watcher, watcher.run.step + 20)
    pause(bench, watcher)
    assert_as_if_never_interrupted(bench, watcher)


def test_a_branch_at_the_step_of_the_hand_has_what_it_did(bench: Bench) -> None:
    parent = bench.ready()
    train_to(bench, parent, 20)
    pause(bench, parent)
    at = parent.run.step
    put_in(bench, parent, 0, "1")
    put_in(bench, parent, 1, "2")
    bench.command(parent, "epoch")
    parent.wait(lambda w: w.run.step > at and w.state == "paused")
    put_in(bench, parent, 0, "9")
    child = Watcher(bench.hub, bench.hub.branch(parent.run.id, at, "me").id)
    child.wait(lambda w: w.state == "paused" and w.said.startswith("Branched"))
    assert bench.hub.changes(child.run.id) == [(at, "weight[0]", "1"), (at, "weight[1]", "2")]
    assert child.watch.frame(at) == parent.watch.frame(at)
    bench.command(child, "epoch")
    child.wait(lambda w: w.run.step > at and w.state == "paused")
    assert_as_if_never_interrupted(bench, child)
    assert_as_if_never_interrupted(bench, parent)


def test_what_a_worker_could_not_write_any_more_the_server_writes(tmp_path: Path, pool: Pool) -> None:
    bench = Bench(tmp_path, pool)
    watcher = bench.ready()
    train_to(bench, watcher, 20)
    put_in(bench, watcher, 0, "1.5")
    bench.pool.kill(bench.hub._live[watcher.run.id]._worker)
    watcher.wait_state("crashed")
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    assert len(bench.store.events(watcher.run.id)) == 1
    train_to(bench, watcher, watcher.run.step + 20)
    pause(bench, watcher)
    assert_as_if_never_interrupted(bench, watcher)
    bench.close()


def test_a_run_takes_no_more_changes_than_its_file_may_have(bench: Bench) -> None:
    watcher = bench.ready()
    train_to(bench, watcher, 10)
    pause(bench, watcher)
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    step = watcher.run.step
    many = [(number, step, "learning_rate", "0.1") for number in range(1, MOST_CHANGES)]
    bench.store.append(bench.store.get_run(watcher.run.id), Batch(events=many))
    bench.hub.resume(watcher.run.id)
    watcher.wait(lambda w: w.state == "paused" and w.run.step == step and not w.said.startswith("Going"))
    put_in(bench, watcher, 0, "1.5")
    for change in ("weight[1]=2", "learning_rate=0.2"):
        told = len(watcher.of("refused"))
        bench.command(watcher, "set", change)
        watcher.wait(lambda w, told=told: len(w.of("refused")) > told)
        assert watcher.of("refused")[-1].header["message"] == (
            f"This run was changed {MOST_CHANGES:,} times, as often as a run may be: Reset begins anew."
        )
    assert len(bench.hub.changes(watcher.run.id)) == MOST_CHANGES
    bench.command(watcher, "reset")
    watcher.wait(lambda w: w.state == "ready")
    put_in(bench, watcher, 1, "2")


def test_reset_leads_back_to_the_same_initial_weights(bench: Bench) -> None:
    watcher = bench.ready()
    first = watcher.frames[0].arrays["picture.value"][0]
    put_in(bench, watcher, 0, "5")
    watcher.wait(lambda w: w.frames[0].arrays["picture.value"][0] == 5)
    bench.command(watcher, "set", "learning_rate=0.5")
    bench.command(watcher, "reset")
    watcher.wait(lambda w: w.of("reset") and 0 in w.frames)
    watcher.wait_state("ready")
    assert watcher.frames[0].arrays["picture.value"][0] == first
    assert bench.hub.changes(watcher.run.id) == [(0, "learning_rate", "0.5")]


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("weight[7]=1", "There is no weight[7]"),
        ("bias[0]=1", "There is no bias[0]"),
        ("weight[0]=nan", "expected a number such as"),
        ("weight[0]=inf", "expected a number such as"),
        ("weight[0]=1e300", "expected a number from"),
        ("weight[0]=1001", "expected a number from"),
        ("weight[0]=1_0", "expected a number such as"),
        ("weight[0]=", "expected a number such as"),
        ("weight[-1]=1", "names no number of a net"),
        ("weight[0]]=1", "names no number of a net"),
        ("weight[" + "0, " * 70 + "0]=1", "names no number of a net"),
        ("__class__[0].x=1", "names no number of a net"),
    ],
)
def test_what_is_no_number_of_the_net_is_refused_in_a_sentence(bench: Bench, assignment: str, said: str) -> None:
    watcher = bench.ready()
    raw = watcher.frames[0].arrays["picture.value"].tobytes()
    bench.command(watcher, "set", assignment)
    watcher.wait(lambda w: w.of("refused"))
    assert said in watcher.of("refused")[0].header["message"]
    assert watcher.of("changed") == []
    assert watcher.frames[0].arrays["picture.value"].tobytes() == raw


def test_a_checkpoint_that_counts_more_than_was_changed_is_refused() -> None:
    for count in (np.array(3, np.int32), np.array(-1, np.int32), np.array([1]), np.array(1.0)):
        with pytest.raises(DataError, match="more behind it"):
            ahead_of({COUNT: count}, [(0, "weight[0]", "1")])
    assert ahead_of({COUNT: np.array(1, np.int32)}, [(0, "a", "1"), (1, "b", "2")]) == ({}, [(1, "b", "2")])


def test_the_steps_of_an_earlier_hand_are_told_to_who_was_away(bench: Bench) -> None:
    """A watcher that has frames at hand learns which of them are not what they were."""
    watcher = bench.ready()
    bench.command(watcher, "step")
    watcher.wait(lambda w: w.state == "paused")
    away = Watcher(bench.hub, watcher.run.id).wait(lambda w: 1 in w.frames)
    put_in(bench, watcher, 0, "1")
    bench.command(watcher, "step")
    watcher.wait(lambda w: w.run.step == 2 and w.state == "paused")
    away.wait(lambda w: 2 in w.rows)
    told: list[Message] = away.of("again")
    assert [message.arrays["steps"].tolist() for message in told] == [[1]]
    assert away.rows[1][LOSS] == watcher.rows[1][LOSS]
