"""Workers that go wrong: the run says what happened, and nothing else is touched."""

import os
import signal
import time
from contextlib import suppress
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from engine.errors import RunError
from engine.memory import is_lack_of_memory
from engine.runs import live
from engine.runs.pool import Pool
from tests.engine.runs.conftest import PATIENCE, Bench, Watcher, children, until


@pytest.fixture
def neighbour(bench: Bench) -> Watcher:
    """A run beside the one that goes wrong."""
    watcher = bench.ready()
    bench.command(watcher, "resume")
    return watcher


def settled(bench: Bench, watcher: Watcher) -> None:
    """Wait until the store says of a run what its watchers were told."""
    until(lambda: bench.store.get_run(watcher.run.id).state == watcher.run.state)


def test_a_killed_worker_is_shown_as_crashed_and_its_neighbour_goes_on(bench: Bench, neighbour: Watcher) -> None:
    watcher = bench.ready(fault="die", fault_step=30)
    bench.command(watcher, "resume")
    watcher.wait_state("crashed")
    assert "was killed (signal 9) at step" in watcher.said
    assert max(watcher.frames) < 30
    settled(bench, watcher)
    assert bench.store.get_run(watcher.run.id).message == watcher.said
    neighbour.wait_step(neighbour.run.step + 50)


def test_a_worker_killed_from_outside_is_told_without_being_asked_for(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(10)
    os.kill(bench.hub.pid_of(watcher.run.id), signal.SIGKILL)
    assert "was killed (signal 9)" in watcher.wait_state("crashed").said


def test_a_run_whose_observer_is_killed_has_crashed(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(10)
    pid = bench.hub.pid_of(watcher.run.id)
    os.kill(observer_of(pid), signal.SIGKILL)
    assert "was killed (signal 9)" in watcher.wait_state("crashed").said


def test_a_paused_run_whose_observer_is_killed_has_crashed(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "step")
    watcher.wait_state("paused")
    os.kill(observer_of(bench.hub.pid_of(watcher.run.id)), signal.SIGKILL)
    assert "was killed (signal 9)" in watcher.wait_state("crashed").said


def observer_of(pid: int) -> int:
    (observer,) = children(pid)
    return observer


def test_a_run_whose_observer_hangs_in_a_look_can_be_stopped(bench: Bench) -> None:
    watcher = bench.ready(fault="stare")
    observer = observer_of(bench.hub.pid_of(watcher.run.id))
    bench.command(watcher, "resume")
    watcher.wait_step(4)
    bench.command(watcher, "stop")
    assert "by force" in watcher.wait_state("stopped").said
    settled(bench, watcher)
    watcher.wait(lambda _: not os.path.exists(f"/proc/{observer}"))


@pytest.mark.parametrize("stopped", ["worker", "observer"])
def test_a_run_with_a_process_that_stands_still_can_be_stopped(bench: Bench, stopped: str) -> None:
    watcher = bench.ready()
    pid = bench.hub.pid_of(watcher.run.id)
    pids = {"worker": pid, "observer": observer_of(pid)}
    bench.command(watcher, "resume")
    watcher.wait_step(5)
    os.kill(pids[stopped], signal.SIGSTOP)
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    settled(bench, watcher)
    watcher.wait(lambda _: not any(os.path.exists(f"/proc/{pid}") for pid in pids.values()))


def test_of_many_runs_that_were_killed_no_process_and_no_descriptor_stays(own_bench: Bench) -> None:
    first = own_bench.ready()
    zygote = own_bench.zygote_of(first)
    others = [child for child in children(zygote) if child != own_bench.hub.pid_of(first.run.id)]
    own_bench.command(first, "stop")
    first.watch.close()

    def kept() -> tuple[int, int, list[int]]:
        return len(os.listdir("/proc/self/fd")), len(os.listdir(f"/proc/{zygote}/fd")), children(zygote)

    def settle() -> tuple[int, int, list[int]]:
        until(lambda: not own_bench.hub.live_ids() and kept()[2] == others)
        return kept()

    before = settle()
    for number in range(50):
        watcher = own_bench.ready()
        pid = own_bench.hub.pid_of(watcher.run.id)
        if number % 3:
            own_bench.command(watcher, "resume")
            watcher.wait_step(number % 7)
        os.kill(pid if number % 2 else observer_of(pid), signal.SIGKILL)
        watcher.wait_state("crashed")
    after = settle()
    assert after[0] < before[0] + 10, "the store's connections come and go, but not one for each run"
    assert after[1:] == before[1:]


def test_no_observer_outlives_its_worker(bench: Bench) -> None:
    watcher = bench.ready()
    pid = bench.hub.pid_of(watcher.run.id)
    observer = observer_of(pid)
    os.kill(pid, signal.SIGKILL)
    watcher.wait_state("crashed").wait(lambda _: not os.path.exists(f"/proc/{observer}"))


def test_a_worker_killed_as_it_keeps_a_checkpoint_leaves_whole_ones(bench: Bench) -> None:
    watcher = bench.ready(fault="die keeping", fault_step=5)
    bench.command(watcher, "epoch")
    watcher.wait_state("crashed")
    settled(bench, watcher)
    kept = bench.store.checkpoint(watcher.run.id, 10**6)
    assert kept is not None
    step, arrays = kept
    assert (step, float(arrays["number.number"])) == (0, 0.0)
    assert bench.hub.resume(watcher.run.id).state == "paused"
    watcher.wait_state("paused", "crashed")


def test_a_worker_that_exits_without_a_word_has_crashed(bench: Bench) -> None:
    watcher = bench.ready(fault="exit")
    bench.command(watcher, "resume")
    assert "ended by itself with code 3" in watcher.wait_state("crashed").said


@pytest.mark.parametrize("fault", ["garbage", "huge"])
def test_a_worker_that_sends_garbage_is_ended(bench: Bench, fault: str) -> None:
    watcher = bench.ready(fault=fault)
    pid = bench.hub.pid_of(watcher.run.id)
    bench.command(watcher, "resume")
    assert "no frame" in watcher.wait_state("crashed").said
    settled(bench, watcher)
    assert not os.path.exists(f"/proc/{pid}")


def test_a_step_that_never_ends_can_be_stopped(bench: Bench) -> None:
    watcher = bench.ready(fault="hang", fault_step=20)
    bench.command(watcher, "resume")
    watcher.wait_step(10)
    time.sleep(0.1)
    bench.command(watcher, "stop")
    assert "by force" in watcher.wait_state("stopped").said
    assert live.STOP_SECONDS <= 2, "so long it is waited for, and no longer"
    settled(bench, watcher)


def test_a_loss_that_is_no_number_pauses_there_and_keeps_the_last_good_weights(bench: Bench) -> None:
    watcher = bench.ready(fault="nan", fault_step=25)
    bench.command(watcher, "resume")
    watcher.wait_state("paused")
    assert watcher.run.step == 25
    assert "NaN" in watcher.said
    assert "step 25" in watcher.said
    assert isnan(watcher.rows[25][0])
    good = bench.store.checkpoint(watcher.run.id, 25)
    assert good is not None
    step, arrays = good
    assert 10 <= step < 25
    assert np.isfinite(arrays["net.weight"]).all()
    for command in ("resume", "step", "epoch"):
        bench.command(watcher, command)
    watcher.wait(lambda w: w.of("refused"))
    assert watcher.of("refused")[0].header["message"].endswith("press Reset, and lower the rate.")
    assert (watcher.state, watcher.run.step) == ("paused", 25)
    bench.command(watcher, "reset")
    watcher.wait_state("ready")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("raise", "after step 4: it met a fault of this program"),
        ("memory", "after step 4: it needs more memory than a run may take here"),
        ("refuse", "The table has no rows"),
    ],
)
def test_an_error_in_a_step_fails_the_run_in_words(bench: Bench, fault: str, said: str) -> None:
    watcher = bench.ready(fault=fault)
    bench.command(watcher, "resume")
    assert said in watcher.wait_state("failed").said
    assert "Traceback" not in watcher.said
    assert sorted(watcher.rows) == [0, 1, 2, 3, 4]
    settled(bench, watcher)
    assert bench.store.frame_steps(watcher.run.id) == [0, 1, 2, 3, 4]


def test_a_fault_in_a_look_fails_the_run_in_words(bench: Bench) -> None:
    watcher = bench.ready(fault="blind")
    bench.command(watcher, "resume")
    assert "after step 4: it met a fault of this program" in watcher.wait_state("failed").said
    settled(bench, watcher)
    assert bench.store.frame_steps(watcher.run.id) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("fault", ["raise", "refuse", "exit"])
def test_an_error_before_step_0_is_told(bench: Bench, fault: str) -> None:
    watcher = bench.open(fault=fault, fault_step=-1).wait_state("failed", "crashed")
    assert watcher.said
    settled(bench, watcher)
    assert Watcher(bench.hub, watcher.run.id).wait_state("failed", "crashed").said == watcher.said


def test_an_unknown_lab_is_told(bench: Bench) -> None:
    from tests.engine.runs.toy import ToySpec

    run = bench.hub.open("alchemy", ToySpec(), "me")
    assert "There is no lab 'alchemy'" in Watcher(bench.hub, run.id).wait_state("failed").said


def test_a_run_that_grows_without_end_fails_in_words_before_the_machine_does(tmp_path: Path, pool: Pool) -> None:
    bench = Bench(tmp_path, pool, max_memory=200 * 2**20)
    for fault_step in (5, -1):
        watcher = bench.open(fault="hoard", fault_step=fault_step)
        if fault_step > 0:
            bench.command(watcher, "resume")
        said = watcher.wait_state("failed").said
        assert "needs more memory than a run may take here (200 MB): make the net or the batch smaller" in said
        assert sorted(watcher.rows) == list(range(5)) * (fault_step > 0)
    bench.close()


def test_what_torch_says_of_memory_is_understood() -> None:
    torch_says = (
        "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to"
    )
    assert is_lack_of_memory(RuntimeError(torch_says))
    assert is_lack_of_memory(MemoryError())
    assert not is_lack_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


def test_who_speaks_to_a_worker_that_is_leaving_still_hears_its_last_words(bench: Bench) -> None:
    for _ in range(3):
        watcher = bench.ready()
        bench.command(watcher, "resume")
        watcher.wait_step(20)
        os.kill(bench.hub.pid_of(watcher.run.id), signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while watcher.run.live and time.monotonic() < deadline:
            with suppress(RunError):
                bench.command(watcher, "set", "learning_rate=0.02")
        assert watcher.wait_state("interrupted", "crashed").said.startswith("Interrupted at step")
