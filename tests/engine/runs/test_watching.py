"""Watchers: any number, each at its own pace, none of them able to hold up a run or another watcher."""

import os
import threading
import time
import tracemalloc

import numpy as np

from engine.runs.hub import Watch
from tests.engine.runs.conftest import Bench, Watcher, children, until


def rest(bench: Bench, watcher: Watcher) -> None:
    """Let a run go on for a while and pause it."""
    bench.command(watcher, "resume")
    watcher.wait_step(60)
    time.sleep(0.3)
    bench.command(watcher, "pause")
    watcher.wait_state("paused")


def test_who_comes_late_gets_all_of_it_in_order(bench: Bench) -> None:
    early = bench.ready()
    rest(bench, early)
    late = Watcher(bench.hub, early.run.id)
    late.take()
    assert [message.kind for message in late.messages] == ["opening", "recorded", "series", "frame", "state"]
    assert {step: row.tobytes() for step, row in late.rows.items()} == {s: r.tobytes() for s, r in early.rows.items()}
    assert late.of("recorded")[0].arrays["steps"].tolist() == sorted(early.rows)
    assert late.raw[-2] == early.raw[max(i for i, m in enumerate(early.messages) if m.kind == "frame")]
    late.take()
    assert len(late.messages) == 5, "nothing new may be given twice"


def test_who_wants_no_frames_gets_all_scalars(bench: Bench) -> None:
    whole = bench.ready()
    slim = Watcher(bench.hub, whole.run.id, frames=False)
    slim.take()
    rest(bench, whole)
    slim.take()
    whole.take()
    assert not slim.of("frame")
    assert {step: row.tobytes() for step, row in slim.rows.items()} == {s: r.tobytes() for s, r in whole.rows.items()}
    assert slim.state == "paused"
    bench.command(whole, "stop")
    whole.wait(lambda w: w.run.id not in bench.hub.live_ids())
    late = Watcher(bench.hub, whole.run.id, frames=False)
    late.take()
    assert [message.kind for message in late.messages] == ["opening", "recorded", "series", "state"]


def test_a_slow_watcher_skips_frames_and_loses_no_scalars(bench: Bench) -> None:
    fast = bench.ready()
    slow = Watcher(bench.hub, fast.run.id)
    slow.take()
    rest(bench, fast)
    slow.take()
    assert sorted(slow.rows) == sorted(fast.rows)
    assert len(slow.frames) == 2
    assert max(slow.frames) == fast.run.step
    assert slow.state == "paused"


def test_every_recorded_step_can_be_asked_for_and_those_between_give_the_one_before(bench: Bench) -> None:
    watcher = bench.ready()
    rest(bench, watcher)
    late = Watcher(bench.hub, watcher.run.id)
    late.take()
    recorded = late.of("recorded")[0].arrays["steps"].tolist()
    for step in recorded:
        assert _step(late.watch, step) == step
    assert _step(late.watch, recorded[-1] + 100) == recorded[-1]
    assert _step(late.watch, recorded[-1] - 1) == recorded[-2]
    assert late.watch.frame(-1) is None


def _step(watch: Watch, step: int) -> int:
    from engine.frames import decode_header

    data = watch.frame(step)
    assert data is not None
    return decode_header(data)["step"]


def test_every_frame_says_when_it_was_seen(bench: Bench) -> None:
    began = time.monotonic()
    watcher = bench.ready()
    rest(bench, watcher)
    seen = [watcher.frames[step].header["at"] for step in sorted(watcher.frames)]
    assert seen == sorted(seen)
    assert began - 0.001 <= seen[0] < seen[-1] <= time.monotonic() + 0.001
    assert seen == [round(at, 3) for at in seen]


def test_after_a_reset_a_slow_watcher_is_told_so_and_sees_only_the_new_pass(bench: Bench) -> None:
    fast = bench.ready()
    slow = Watcher(bench.hub, fast.run.id)
    slow.take()
    rest(bench, fast)
    bench.command(fast, "reset")
    fast.wait(lambda w: w.of("reset") and w.state == "ready")
    bench.command(fast, "step")
    fast.wait_state("paused")
    slow.take()
    kinds = [message.kind for message in slow.messages]
    assert kinds[kinds.index("reset") :] == ["reset", "recorded", "series", "frame", "state"]
    assert sorted(slow.rows) == [0, 1]


def test_a_watcher_that_never_reads_costs_no_memory(bench: Bench) -> None:
    reader = bench.ready(floats=20_000, pause=0.01)
    notified = [threading.Event() for _ in range(50)]
    sleepers = [bench.hub.watch(reader.run.id, event.set) for event in notified]
    bench.command(reader, "resume")
    reader.wait_step(15)
    reader.raw.clear()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    recorded_before = len(reader.rows)
    watch = bench.hub.watch(reader.run.id, lambda: None)
    bench.hub.get(reader.run.id)
    time.sleep(0.5)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    reader.take()
    frames = len(reader.rows) - recorded_before
    assert all(event.is_set() for event in notified)
    assert grown < (frames + 2) * 2 * 80_000, "frames are remembered once, not once for each watcher"
    for sleeper in (*sleepers, watch):
        sleeper.close()
    bench.command(reader, "stop")


def test_a_watcher_that_fails_or_left_is_not_called_again(bench: Bench) -> None:
    watcher = bench.ready()
    calls: list[str] = []

    def fail() -> None:
        calls.append("fail")
        raise RuntimeError("the loop of this watcher is closed")

    bench.hub.watch(watcher.run.id, fail)
    left = bench.hub.watch(watcher.run.id, lambda: calls.append("left"))
    left.close()
    bench.command(watcher, "step")
    watcher.wait_state("paused")
    assert calls == ["fail"]


def test_a_run_that_is_over_is_watched_from_the_store(bench: Bench) -> None:
    live = bench.ready(last=50)
    bench.command(live, "resume")
    live.wait_state("finished")
    until(lambda: live.run.id not in bench.hub.live_ids())
    stored = Watcher(bench.hub, live.run.id)
    stored.take()
    assert [message.kind for message in stored.messages] == ["opening", "recorded", "series", "frame", "state"]
    assert stored.raw[0] == live.raw[0]
    assert {s: r.tobytes() for s, r in stored.rows.items()} == {s: r.tobytes() for s, r in live.rows.items()}
    assert (stored.state, stored.said, stored.run.step) == ("finished", live.said, 50)
    for step, frame in live.frames.items():
        np.testing.assert_array_equal(frame.arrays["picture.value"], _picture(stored.watch, step))
    stored.take()
    assert len(stored.messages) == 5


def _picture(watch: Watch, step: int) -> np.ndarray:
    from engine.frames import decode

    data = watch.frame(step)
    assert data is not None
    return decode(data).arrays["picture.value"]


def test_a_look_that_is_due_comes_before_the_steps_of_others(bench: Bench) -> None:
    worker = bench.hub.pid_of(bench.ready().run.id)
    (observer,) = children(worker)
    assert 0 < os.getpriority(os.PRIO_PROCESS, observer) < os.getpriority(os.PRIO_PROCESS, worker)
