"""A run that is slowed down to be watched: how long it waits, and that it does as it is told meanwhile."""

import time

import pytest

from engine.runs.tempo import HURRY_SECONDS, Tempo
from tests.engine.runs.conftest import Bench
from tests.engine.runs.toy import STEPS_PER_EPOCH


def test_without_a_tempo_nothing_waits():
    tempo = Tempo(0)
    assert [tempo.early(epoch, 0.0) for epoch in (0.0, 5.0)] == [0.0, 0.0]


def test_an_epoch_takes_as_long_as_it_is_to():
    tempo = Tempo(2.0)
    assert tempo.early(0.25, now=100.0) == 0
    assert tempo.early(0.5, now=100.1) == pytest.approx(0.4)
    assert tempo.early(0.75, now=100.9) == pytest.approx(0.1)
    assert tempo.early(1.0, now=101.6) == 0
    assert tempo.early(1.25, now=101.7) == pytest.approx(0.3), "a little that was lost is made up for"


def test_what_was_lost_to_others_is_not_made_up_for_in_a_rush():
    tempo = Tempo(1.0)
    tempo.early(0.0, now=0.0)
    late = 50 + 2 * HURRY_SECONDS
    assert tempo.early(1.0, now=late) == 0
    assert tempo.early(2.0, now=late) == pytest.approx(1.0)


def test_after_a_pause_it_counts_anew():
    tempo = Tempo(1.0)
    tempo.early(0.0, now=0.0)
    tempo.begin()
    assert tempo.early(7.0, now=3.0) == 0
    assert tempo.early(8.0, now=3.0) == pytest.approx(1.0)


def test_a_run_waits_and_comes_to_the_same(bench: Bench):
    ends = []
    for seconds in (0.0, 0.3):
        began = time.monotonic()
        watcher = bench.ready(last=3 * STEPS_PER_EPOCH, pass_seconds=seconds)
        bench.command(watcher, "resume")
        watcher.wait_state("finished")
        ends.append(watcher.rows[3 * STEPS_PER_EPOCH][:2])
        assert time.monotonic() - began >= 2 * seconds, "of three epochs, the first step counts for nothing"
    assert (ends[0] == ends[1]).all()


def test_a_run_that_waits_for_days_does_as_it_is_told(bench: Bench):
    watcher = bench.ready(pass_seconds=1e6)
    bench.command(watcher, "resume")
    watcher.wait_step(1)
    bench.command(watcher, "pause")
    paused = watcher.wait_state("paused").run.step
    bench.command(watcher, "step")
    watcher.wait_step(paused + 1).wait_state("paused")
    bench.command(watcher, "resume")
    watcher.wait_state("running")
    bench.command(watcher, "reset")
    watcher.wait(lambda w: w.of("reset") and w.state == "ready")
    bench.command(watcher, "resume")
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
