"""Numbers are explained by a process of their own, about any run; it may hang or die, and nothing else does."""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine import memory
from engine.errors import RunError
from engine.explanation import Cell
from engine.frames import Message, decode, encode
from engine.runs import explainer
from engine.runs.explaining import Explaining
from engine.runs.pool import Pool
from tests.engine.runs.conftest import Bench, Watcher, children
from tests.engine.runs.toy import LABS, ToySpec


def frame_of(watcher: Watcher) -> bytes:
    frame = watcher.watch.frame(watcher.run.step)
    assert frame is not None
    return frame


def explain(bench: Bench, watcher: Watcher, array: str = "picture.value", *index: int) -> dict[str, object]:
    return bench.hub.explain(watcher.run, frame_of(watcher), Cell(array, index))


def processes_of(bench: Bench, watcher: Watcher) -> set[int]:
    """The zygote's children: workers, and who explains."""
    return set(children(bench.zygote_of(watcher)))


def test_a_number_of_a_run_that_goes_on_and_of_one_that_is_over_is_explained(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    own_bench.command(watcher, "step")
    watcher.wait_state("paused")
    told = explain(own_bench, watcher, "picture.value", 2)
    assert told["value"] == repr(float(decode(frame_of(watcher)).arrays["picture.value"][2]))
    assert (told["what"], told["lines"], told["code"]) == ("the number", ["at step 1"], ["value"])
    assert told["step"] == 1
    own_bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    assert explain(own_bench, watcher, "picture.value", 2) == told


def test_many_who_ask_at_once_all_get_their_own_answer(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    numbers = decode(frame_of(watcher)).arrays["picture.value"]
    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(lambda n: explain(own_bench, watcher, "picture.value", n % 10), range(80)))
    assert [told["value"] for told in asked] == [repr(float(numbers[n % 10])) for n in range(80)]


def test_a_question_that_has_no_answer_is_told_so_and_the_next_is_answered(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    with pytest.raises(RunError, match="There is no nothing here"):
        explain(own_bench, watcher, "nothing")
    with pytest.raises(RunError, match="cannot be explained just now"):
        explain(own_bench, watcher, "raise")
    with pytest.raises(RunError, match="These bytes are no frame"):
        own_bench.hub.explain(watcher.run, b"x" * 100, Cell("picture.value", (0,)))
    assert explain(own_bench, watcher, "picture.value", 0)["step"] == 0


@pytest.mark.parametrize("fault", ["die", "hang"])
def test_a_process_that_dies_or_hangs_is_replaced_and_the_run_goes_on(
    own_bench: Bench, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = own_bench.ready()
    explain(own_bench, watcher, "picture.value", 0)
    before = processes_of(own_bench, watcher)
    monkeypatch.setattr(explainer, "SECONDS", 0.3)
    with pytest.raises(RunError, match="try again"):
        explain(own_bench, watcher, fault)
    monkeypatch.undo()
    assert explain(own_bench, watcher, "picture.value", 0)["step"] == 0
    watcher.wait(lambda _: len(processes_of(own_bench, watcher)) == len(before))
    assert processes_of(own_bench, watcher) != before
    own_bench.command(watcher, "step")
    watcher.wait_state("paused")


def test_a_process_that_wants_more_memory_than_a_run_may_have_says_so_and_goes_on(tmp_path: Path, pool: Pool) -> None:
    bench = Bench(tmp_path, pool, max_memory=400 * 2**20)
    watcher = bench.ready()
    with pytest.raises(RunError, match="cannot be explained just now"):
        explain(bench, watcher, "hoard")
    assert explain(bench, watcher, "picture.value", 0)["step"] == 0
    bench.close()


def test_experiments_that_take_much_memory_are_not_kept_beside_each_other() -> None:
    desk = Explaining(LABS, 2**30)
    frame = encode(Message("frame", {"step": 0}))
    before = memory.held()
    for last in range(1, 7):
        question = {"lab": "toy", "spec": ToySpec(last=last).to_json(), "array": "hoard", "index": []}
        assert json.loads(desk.explain(question, frame))["value"] == repr(2**29)
    assert memory.held() - before < 2**30


def test_the_process_ends_with_the_hub(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    others = processes_of(own_bench, watcher)
    explain(own_bench, watcher, "picture.value", 0)
    (pid,) = processes_of(own_bench, watcher) - others
    os.kill(pid, signal.SIGSTOP)
    own_bench.hub.close()
    watcher.wait(lambda _: not os.path.exists(f"/proc/{pid}"))
