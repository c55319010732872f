"""How many runs there may be at once, and how long one may wait unwatched."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import RunError, RunNotFound, RunRefused, SpecError
from engine.runs import hub
from engine.runs.limits import Limits, _in_words, cores
from engine.runs.pool import Pool
from tests.engine.runs.conftest import Bench, Watcher, until
from tests.engine.runs.test_resuming import assert_never_interrupted
from tests.engine.runs.toy import ToySpec


@pytest.fixture
def small(tmp_path: Path, pool: Pool) -> Iterator[Bench]:
    bench = Bench(tmp_path, pool, max_runs=3, max_runs_per_owner=2)
    yield bench
    bench.close()


@pytest.fixture
def brief(tmp_path: Path, pool: Pool) -> Iterator[Bench]:
    """A hub that soon ends what nobody watches, but not before a test has come to watch it."""
    bench = Bench(tmp_path, pool, idle_ready=2.0, idle_paused=1.0)
    yield bench
    bench.close()


def gone(bench: Bench, run_id: str) -> bool:
    try:
        bench.hub.get(run_id)
    except RunNotFound:
        return True
    return False


def test_one_more_than_allowed_is_refused_until_one_ends(small: Bench) -> None:
    first, _ = small.ready(), small.ready()
    with pytest.raises(RunRefused, match="You have 2 runs going on"):
        small.open()
    small.ready(owner="other")
    with pytest.raises(RunRefused, match="There are 3 runs going on"):
        small.open(owner="third")
    small.command(first, "stop")
    first.wait_state("stopped")
    until(lambda: first.run.id not in small.hub.live_ids())
    small.ready(owner="third")
    assert len(small.store.list_runs()) == 4, "a refused run leaves nothing behind"


def test_who_starts_fifty_runs_is_told_how_many_there_may_be(small: Bench) -> None:
    other = small.ready(owner="other")
    opened, refusals = [], set()
    for _ in range(50):
        try:
            opened.append(small.hub.open("toy", ToySpec(), "greedy"))
        except RunRefused as refused:
            refusals.add(str(refused))
    assert len(opened) == 2
    assert refusals == {"You have 2 runs going on, as many as this server allows: stop one of them."}
    assert len(small.store.list_runs("greedy")) == 2
    small.command(other, "step")
    other.wait_state("paused")


def test_thirty_runs_that_thirty_people_start_at_once_all_end_well(tmp_path: Path, pool: Pool) -> None:
    bench = Bench(tmp_path, pool)
    watchers = [
        Watcher(bench.hub, bench.hub.open("toy", ToySpec(last=40, seed=number), f"person-{number}").id)
        for number in range(30)
    ]
    for watcher in watchers:
        bench.command(watcher, "resume")
    for watcher in watchers:
        watcher.wait_state("finished")
    assert {watcher.run.step for watcher in watchers} == {40}
    bench.close()


def test_who_opens_one_run_after_the_other_is_never_refused(small: Bench) -> None:
    """As one who turns a knob does: each setting is another run, and the page still watches the one before."""
    other = small.ready(owner="other")
    run = small.ready().run
    for seed in range(6):
        run = small.hub.open("toy", ToySpec(seed=seed), "me", instead_of=run.id)
        Watcher(small.hub, run.id).wait_state("ready")
    assert other.run.live
    small.ready(owner="third")
    with pytest.raises(RunRefused):  # somebody else's run gives no room
        small.hub.open("toy", ToySpec(), "fourth", instead_of=other.run.id)


def test_a_run_that_has_begun_and_is_left_for_another_ends_a_moment_later(
    small: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LEAVE_SECONDS", 5.0)  # more than it takes to open the other
    watcher = small.ready()
    small.command(watcher, "step")
    watcher.wait_state("paused")
    small.hub.open("toy", ToySpec(), "me", instead_of=watcher.run.id)
    assert watcher.run.state == "paused", "the page that shows it is about to show the other"
    small.hub.open("toy", ToySpec(), "me")  # and it takes no place any more
    watcher.wait_state("stopped")


def left(bench: Bench, owner: str = "me", *, paused: bool = False) -> Watcher:
    """A run that has begun, and that its watcher has left."""
    watcher = bench.ready(owner=owner)
    bench.command(watcher, "step" if paused else "resume")
    watcher.wait_state("paused") if paused else watcher.wait_step(3)
    watcher.watch.close()
    return watcher


@pytest.fixture
def crowded(tmp_path: Path, pool: Pool) -> Iterator[Bench]:
    bench = Bench(tmp_path, pool, max_runs=3, max_runs_per_owner=2, idle_needed=0.3)
    yield bench
    bench.close()


def test_a_run_that_waits_unbegun_and_unwatched_makes_room_first(crowded: Bench) -> None:
    idle = crowded.hub.open("toy", ToySpec(), "me")
    running = left(crowded)
    time.sleep(0.4)
    crowded.ready()
    until(lambda: gone(crowded, idle.id))
    assert crowded.hub.get(running.run.id).state == "running"


def test_the_run_unwatched_for_longest_makes_room_and_is_kept(crowded: Bench) -> None:
    first, second, third = left(crowded, "a"), left(crowded, "b"), left(crowded, "c")
    time.sleep(0.4)
    Watcher(crowded.hub, first.run.id)
    crowded.ready(owner="d")
    until(lambda: second.run.id not in crowded.hub.live_ids())
    run = crowded.store.get_run(second.run.id)
    assert run.state == "stopped"
    assert run.message == f"Stopped at step {run.step:,}: nobody was watching, and its place was needed."
    assert crowded.store.frame_steps(run.id)[-1] == run.step
    assert crowded.store.checkpoint(run.id, run.step)[0] == run.step  # type: ignore[index]
    assert [crowded.hub.get(w.run.id).state for w in (first, third)] == ["running", "running"]


def test_a_paused_run_makes_room_before_one_that_trains(crowded: Bench) -> None:
    running, paused = left(crowded), left(crowded, paused=True)
    time.sleep(0.4)
    crowded.ready()
    until(lambda: paused.run.id not in crowded.hub.live_ids())
    assert crowded.hub.get(paused.run.id).state == "stopped"
    assert crowded.hub.get(running.run.id).state == "running"


def test_an_owner_with_too_many_runs_loses_one_of_the_own(crowded: Bench) -> None:
    other, mine, watched = left(crowded, "other"), left(crowded), crowded.ready()
    time.sleep(0.4)
    crowded.ready()
    until(lambda: mine.run.id not in crowded.hub.live_ids())
    assert crowded.hub.get(other.run.id).state == "running"
    assert watched.run.live


def test_a_run_that_is_watched_makes_no_room(crowded: Bench) -> None:
    for watcher in (crowded.ready(), crowded.ready()):
        crowded.command(watcher, "resume")
    time.sleep(0.4)
    with pytest.raises(RunRefused, match="You have 2 runs going on"):
        crowded.open()


def test_a_run_that_was_watched_until_just_now_makes_no_room(small: Bench) -> None:
    left(small)
    left(small)
    with pytest.raises(RunRefused, match="You have 2 runs going on"):
        small.open()


def test_a_run_that_hangs_makes_room_by_force_and_says_why(crowded: Bench) -> None:
    crowded.ready()
    stuck = crowded.ready(fault="hang", fault_step=1)
    crowded.command(stuck, "resume")
    stuck.wait_state("running")
    stuck.watch.close()
    time.sleep(0.4)
    crowded.ready()
    until(lambda: stuck.run.id not in crowded.hub.live_ids())
    said = crowded.store.get_run(stuck.run.id).message
    assert "by force after step 0: nobody was watching, and its place was needed, and the step after it did not" in said


def test_an_unwatched_run_at_step_0_is_ended_and_forgotten_a_watched_one_stays(brief: Bench) -> None:
    watched, left = brief.ready(), brief.ready()
    left.watch.close()
    until(lambda: gone(brief, left.run.id))
    assert watched.run.state == "ready"
    assert brief.hub.live_ids() == [watched.run.id]


def test_an_unwatched_paused_run_is_ended_and_kept(brief: Bench) -> None:
    left = brief.ready()
    brief.command(left, "step")
    left.wait_state("paused")
    left.watch.close()
    until(lambda: brief.hub.live_ids() == [])
    assert brief.hub.get(left.run.id).state == "stopped"
    assert brief.hub.get(left.run.id).message == "Stopped at step 1: nobody was watching."
    assert brief.store.frame_steps(left.run.id) == [0, 1]


def test_an_unwatched_run_that_trains_goes_on(brief: Bench) -> None:
    left = brief.ready()
    brief.command(left, "resume")
    left.wait_step(10)
    left.watch.close()
    time.sleep(2.5)  # longer than a run at step 0, or a paused one, may wait
    assert brief.hub.get(left.run.id).state == "running"


def test_a_run_that_trains_unwatched_for_hours_is_ended_and_goes_on_where_it_was(tmp_path: Path, pool: Pool) -> None:
    bench = Bench(tmp_path, pool, idle_training=0.5)
    watched, left = bench.ready(), bench.ready()
    for watcher in (watched, left):
        bench.command(watcher, "resume")
        watcher.wait_step(10)
    left.watch.close()
    until(lambda: bench.hub.live_ids() == [watched.run.id])
    run = bench.store.get_run(left.run.id)
    assert run.state == "stopped"
    assert run.message == f"Stopped at step {run.step:,}: nobody was watching for 0.00833 minutes."
    assert bench.store.checkpoint(run.id, run.step)[0] == run.step  # type: ignore[index]
    assert watched.run.state == "running"
    again = Watcher(bench.hub, run.id)  # or it might be ended before it is watched
    bench.command(again, "resume")
    again.wait_step(run.step + 10)
    bench.command(again, "pause")
    again.wait_state("paused")
    assert_never_interrupted(bench, again)
    bench.close()


def test_the_environment_names_limits() -> None:
    limits = Limits.named_by({"LEARNSCOPE_TRAINING": "3", "LEARNSCOPE_UNWATCHED_HOURS": "0.5"})
    assert (limits.turns, limits.idle_training) == (3, 1800.0)
    assert Limits.named_by({"LEARNSCOPE_TRAINING": " "}) == Limits()
    assert Limits().turns == 4 * cores() >= 4
    for name, value in (("TRAINING", "many"), ("TRAINING", "0"), ("TRAINING", "inf"), ("UNWATCHED_HOURS", "-1")):
        with pytest.raises(
            SpecError, match=f"LEARNSCOPE_{name} has to be a number, and at least .*: received '{value}'"
        ):
            Limits.named_by({f"LEARNSCOPE_{name}": value})


def test_hours_are_told_in_words() -> None:
    assert [_in_words(hours * 3600) for hours in (0.5, 1, 4, 1.5)] == ["30 minutes", "1 hour", "4 hours", "1.5 hours"]


def test_an_owner_finds_the_own_runs_newest_first_with_their_state_now(small: Bench) -> None:
    first, other, last = small.ready(), small.ready(owner="other"), small.ready()
    small.command(first, "resume")
    first.wait_step(20)
    found = small.hub.runs_of("me")
    assert [run.id for run in found] == [last.run.id, first.run.id]
    assert found[1].state == "running"
    assert found[1].step >= 20
    assert [run.id for run in small.hub.runs_of("other")] == [other.run.id]


def test_nothing_is_opened_after_the_end(small: Bench) -> None:
    small.hub.close()
    with pytest.raises(RunRefused, match="server is ending"):
        small.hub.open("toy", ToySpec(), "me")
    small.hub.close()


def test_commands_to_a_worker_that_does_not_read_are_refused_in_the_end(small: Bench) -> None:
    stuck: Watcher = small.ready(fault="hang", fault_step=1)
    small.command(stuck, "resume")
    with pytest.raises(RunError, match="does not listen"):
        _command_for_ever(small, stuck)
    small.command(stuck, "stop")
    stuck.wait_state("stopped")


def _command_for_ever(bench: Bench, watcher: Watcher) -> None:
    while True:
        bench.command(watcher, "set", "learning_rate=" + "0" * 4_000)
