"""Training as the server has it done: by order, in a process of its own with limits, told while it goes on."""

import time
from pathlib import Path

import pytest

from engine.jobs import Forge, Jobs, Limits
from engine.words import trained

PATIENCE = 120.0


def test_an_order_trains_a_space_that_others_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    name = "packaged:descriptions"
    order, told = trained.order(name), set()
    forge = Forge(["engine.words.training"], Limits(memory=2**30, seconds=100, file_bytes=2**26))
    jobs = Jobs(forge)
    try:
        jobs.ask(order, "ann")
        assert trained.order(name) == order, "whoever asks for the same is given the same"
        deadline = time.monotonic() + PATIENCE
        while (course := jobs.course(order)) is not None and course.live:
            told.add(course.progress and course.progress.words)
            assert time.monotonic() < deadline, course
            time.sleep(0.005)
    finally:
        jobs.close()
        forge.close()
    assert course is not None
    assert (course.state, course.message) == ("done", "")
    assert any(words and words.startswith("epoch ") for words in told)
    space = trained.opened(name)
    assert space is not None
    assert course.result == {"words": len(space), "dimensions": space.dimensions}
