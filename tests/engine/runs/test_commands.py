"""What a person may ask of a run, carried out by a real worker."""

from unittest.mock import Mock

import numpy as np
import pytest

from engine.errors import RunError, RunNotFound
from engine.runs.link import Command
from engine.runs.worker import Worker
from engine.training.experiment import Step
from tests.engine.runs.conftest import Bench, Watcher
from tests.engine.runs.toy import STEPS_PER_EPOCH


def test_a_new_run_shows_step_0_and_waits(bench: Bench) -> None:
    watcher = bench.ready()
    opening = watcher.messages[0]
    assert opening.kind == "opening"
    assert opening.header["run"] == watcher.run.id
    assert opening.header["scalars"] == ["loss", "val_loss", "score", "val_score", "learning_rate", "foreseen"]
    assert opening.header["words"] == {"score": "accuracy"}
    np.testing.assert_array_equal(opening.arrays["picture.value"], [0, 1, 2])
    assert list(watcher.frames) == [0]
    assert watcher.frames[0].header["words"] == {"gradients": "fine"}


def test_resume_shows_each_of_the_first_ten_steps_and_then_some(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(200)
    bench.command(watcher, "pause")
    watcher.wait_state("paused")
    steps = sorted(watcher.rows)
    assert steps[:11] == list(range(11))
    assert len(steps) < steps[-1] / 2


def test_pause_keeps_still_and_resume_goes_on_from_there(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(20)
    bench.command(watcher, "pause")
    paused_at = watcher.wait_state("paused").of("state")[-1].header["step"]
    assert watcher.frames[paused_at].arrays["scalars"][-1] == paused_at - 1, (
        "the update before the pause was not foreseen"
    )
    bench.command(watcher, "pause")
    assert bench.hub.get(watcher.run.id).step == paused_at
    bench.command(watcher, "step")
    watcher.wait_step(paused_at + 1).wait_state("paused")
    assert watcher.run.step == paused_at + 1


def test_step_makes_one_step(bench: Bench) -> None:
    watcher = bench.ready()
    for step in (1, 2, 3):
        bench.command(watcher, "step")
        watcher.wait(lambda w, step=step: step in w.frames and w.state == "paused")
    assert watcher.run.step == 3


def test_step_while_running_pauses_after_the_next(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(15)
    bench.command(watcher, "step")
    assert watcher.wait_state("paused").run.step > 15


def test_epoch_runs_to_where_the_next_epoch_begins(bench: Bench) -> None:
    watcher = bench.ready()
    for epoch in (1, 2):
        bench.command(watcher, "epoch")
        watcher.wait(lambda w, epoch=epoch: w.run.step == epoch * STEPS_PER_EPOCH and w.state == "paused")
    bench.command(watcher, "step")
    watcher.wait_step(2 * STEPS_PER_EPOCH + 1)
    bench.command(watcher, "epoch")
    watcher.wait(lambda w: w.run.step == 3 * STEPS_PER_EPOCH and w.state == "paused")


def test_reset_gives_the_same_numbers_bit_for_bit_and_voids_what_was_recorded(bench: Bench) -> None:
    watcher = bench.ready()
    passes: list[dict[int, bytes]] = []
    for _ in range(3):
        bench.command(watcher, "epoch")
        watcher.wait(lambda w: w.run.step == STEPS_PER_EPOCH and w.state == "paused")
        passes.append({step: row.tobytes() for step, row in watcher.rows.items()})
        assert bench.store.frame_steps(watcher.run.id) == list(range(STEPS_PER_EPOCH + 1))
        resets = len(watcher.of("reset"))
        bench.command(watcher, "reset")
        watcher.wait(lambda w, resets=resets: len(w.of("reset")) > resets and w.state == "ready")
        assert watcher.run.step == 0
        assert list(watcher.frames) == [0]
        assert bench.store.frame_steps(watcher.run.id) == [0]
    assert passes[0] == passes[1] == passes[2]


def test_set_changes_the_learning_rate_and_is_recorded(bench: Bench) -> None:
    watcher = bench.ready()
    assert watcher.of("state")[-1].header["learning_rate"] == 0.01
    bench.command(watcher, "step")
    watcher.wait_state("paused")
    bench.command(watcher, "set", "learning_rate=0.5")
    watcher.wait(lambda w: w.of("state")[-1].header["learning_rate"] == 0.5)
    bench.command(watcher, "step")
    watcher.wait_step(2)
    assert watcher.frames[2].arrays["scalars"][4] == 0.5
    watcher.wait_state("paused")
    assert bench.store.events(watcher.run.id) == [(1, "learning_rate", "0.5")]
    bench.command(watcher, "reset")
    watcher.wait_state("ready")
    assert bench.store.events(watcher.run.id) == [(0, "learning_rate", "0.5")]


@pytest.mark.parametrize("value", ["learning_rate=7", "learning_rate=nan", "seed=3", "", "learning_rate"])
def test_set_with_a_bad_value_changes_nothing_and_says_so(bench: Bench, value: str) -> None:
    watcher = bench.ready()
    states = len(watcher.of("state"))
    bench.command(watcher, "set", value)
    watcher.wait(lambda w: w.of("refused"))
    assert watcher.of("refused")[0].header["message"]
    assert watcher.state == "ready"
    assert watcher.of("state")[-1].header["learning_rate"] == 0.01
    assert len(watcher.of("state")) > states, "a control that shows something else is not set right"


def test_a_refusal_is_told_once_and_not_kept(bench: Bench) -> None:
    watcher = bench.ready(fault="nan", fault_step=5)
    bench.command(watcher, "resume")
    said = watcher.wait_state("paused").said
    assert said
    bench.command(watcher, "set", "learning_rate=nan")
    watcher.wait(lambda w: w.of("refused"))
    late = Watcher(bench.hub, watcher.run.id).wait(lambda w: w.state)
    for told in (watcher, late):
        assert told.said == told.run.message == said
    bench.command(watcher, "set", "learning_rate=0.5")
    for told in (watcher, late):
        told.wait(lambda w: w.of("state")[-1].header["learning_rate"] == 0.5)
    assert len(watcher.of("refused")) == 1
    assert late.of("refused") == []


def test_stop_ends_the_run_and_keeps_it(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(30)
    bench.command(watcher, "stop")
    run = watcher.wait_state("stopped").run
    with pytest.raises(RunError, match="stopped"):
        bench.hub.command(run.id, "pause")
    assert max(watcher.frames) == run.step


def test_a_run_ends_by_itself_with_its_last_step_shown(bench: Bench) -> None:
    watcher = bench.ready(last=40)
    bench.command(watcher, "resume")
    watcher.wait_state("finished")
    assert watcher.said == "All 40 steps are made."
    assert max(watcher.frames) == watcher.run.step == 40


def test_unknown_commands_and_runs_are_refused(bench: Bench) -> None:
    watcher = bench.ready()
    with pytest.raises(RunError, match="no command 'explode'"):
        bench.command(watcher, "explode")
    with pytest.raises(RunNotFound):
        bench.hub.command("nobody", "resume")
    with pytest.raises(RunNotFound):
        bench.hub.watch("nobody", lambda: None)
    with pytest.raises(RunNotFound):
        bench.hub.get("nobody")


def test_a_flood_of_changes_to_a_run_that_stands_still_is_looked_at_once() -> None:
    """Each look takes a while, and Stop stands behind all that came before it."""
    worker = object.__new__(Worker)
    worker._state, worker._unseen, worker._settings = "paused", False, {}
    worker._step = Step(3, 0.1, 0.5)
    worker._link, worker._observer, worker._experiment = Mock(closed=False), Mock(), Mock()
    worker._keeper = Mock(changes=0)
    changes = [Command("set", f"learning_rate={rate / 1000}") for rate in range(1, 51)]
    worker._link.commands.return_value = changes
    worker._obey()
    assert worker._experiment.set.call_count == 50
    worker._observer.look.assert_called_once_with(worker._step, again=True)
    worker._link.commands.return_value = []
    worker._obey()
    assert worker._observer.look.call_count == 1, "there is nothing new"
