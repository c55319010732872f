"""A net is asked about what a person brings: by the worker that owns it, or with the weights that were recorded."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from engine.asking import Question
from engine.errors import RunError
from engine.frames import Message, decode
from engine.runs import asked, explainer, live
from engine.runs.pool import Pool
from engine.runs.run import Run
from engine.runs.takeaway import weights_at
from engine.runs.weights import Weights
from tests.engine.runs.conftest import PATIENCE, Bench, Watcher, children, until
from tests.engine.runs.toy import ToySpec

BROUGHT = bytes(range(5))


def look(*, number: int = 7) -> Question:
    return Question("look", {"scale": 2}, BROUGHT, number)


def ask(bench: Bench, watcher: Watcher, question: Question, step: int | None = None) -> Message:
    return decode(bench.hub.ask(watcher.run, question, step).result(PATIENCE))


@contextmanager
def stands_still(bench: Bench, watcher: Watcher) -> Iterator[None]:
    """Let the worker of a run read no command for a while."""
    pid = bench.hub.pid_of(watcher.run.id)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def weight(watcher: Watcher, step: int) -> np.float32:
    """Return the first weight of the toy's net, which its frames show."""
    return watcher.frames[step].arrays["picture.value"][0]


def times_brought(number: np.float32) -> np.ndarray:
    return number * np.frombuffer(BROUGHT, np.uint8)


def test_the_worker_answers_with_its_net_as_it_is_shown(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    for _ in range(2):
        answer = ask(own_bench, watcher, look())
        step = watcher.run.step
        assert (answer.kind, answer.header["id"], answer.header["step"]) == ("answer", 7, step)
        assert answer.header["words"] == {"seen": "{'scale': 2}"}
        np.testing.assert_allclose(answer.arrays["picture.value"], times_brought(weight(watcher, step)), rtol=1e-6)
        own_bench.command(watcher, "step")
        watcher.wait(lambda w, step=step: w.run.step == step + 1 and w.state == "paused")
    assert len(children(own_bench.zygote_of(watcher))) == 1, "nobody but the worker was asked"


def test_a_run_that_trains_answers_meanwhile(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    own_bench.command(watcher, "resume")
    steps = []
    for number in range(20):
        answer = ask(own_bench, watcher, look(number=number))
        assert answer.header["id"] == number
        steps.append(answer.header["step"])
        time.sleep(0.02)
    assert steps == sorted(steps)
    assert steps[-1] > steps[0]
    assert not watcher.of("answer"), "who has not asked is told nothing"


@pytest.mark.parametrize("end", ["stop", "step"])
def test_of_what_is_past_the_weights_that_were_recorded_answer(own_bench: Bench, end: str) -> None:
    watcher = own_bench.ready()
    own_bench.command(watcher, "step")
    watcher.wait(lambda w: w.run.step == 1 and w.state == "paused")
    own_bench.command(watcher, end)
    watcher.wait(lambda w: w.state == "stopped" if end == "stop" else w.state == "paused" and w.run.step == 2)
    for step in (0, 1):
        answer = ask(own_bench, watcher, look(), step)
        assert answer.header["step"] == step
        np.testing.assert_allclose(answer.arrays["picture.value"], times_brought(weight(watcher, step)), rtol=1e-6)
    if end == "stop":
        assert ask(own_bench, watcher, look()).header["step"] == 1


def test_between_two_checkpoints_the_net_is_walked_to_with_all_that_was_changed(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    own_bench.command(watcher, "resume")
    watcher.wait_step(20)
    own_bench.command(watcher, "set", "learning_rate=0.2")
    changed = watcher.wait(lambda w: w.of("changed")).of("changed")[0].header["step"]
    watcher.wait_step(changed + 40)
    own_bench.command(watcher, "pause")
    watcher.wait_state("paused")
    between = [step for step in watcher.frames if step not in (0, watcher.run.step)]
    before, behind = min(between), max(between)
    assert before < changed < behind
    for step in (before, behind):
        answer = ask(own_bench, watcher, look(), step)
        assert answer.header.get("step") == step, answer.header
        np.testing.assert_allclose(answer.arrays["picture.value"], times_brought(weight(watcher, step)), rtol=1e-6)
    watcher.wait(lambda w: len(children(own_bench.zygote_of(w))) == 2)  # the worker, and the process that answers


def test_after_a_reset_a_past_step_has_other_weights(own_bench: Bench) -> None:
    watcher = own_bench.ready()

    def walk() -> Message:
        for step in (1, 2):
            own_bench.command(watcher, "step")
            watcher.wait(lambda w, step=step: w.run.step == step and w.state == "paused")
        return ask(own_bench, watcher, look(), 1)

    first = walk()
    own_bench.command(watcher, "reset")
    watcher.wait(lambda w: w.run.step == 0 and w.state == "ready")
    own_bench.command(watcher, "set", "learning_rate=0.5")
    again = walk()
    np.testing.assert_allclose(again.arrays["picture.value"], times_brought(weight(watcher, 1)), rtol=1e-6)
    assert again.arrays["picture.value"][1] != first.arrays["picture.value"][1]


@pytest.mark.parametrize("fails", [False, True])
def test_a_class_that_asks_about_one_step_at_once_has_its_weights_found_once(
    own_bench: Bench, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    watcher = own_bench.ready()
    for step in (1, 2):
        own_bench.command(watcher, "step")
        watcher.wait(lambda w, step=step: w.run.step == step and w.state == "paused")
    found: list[int] = []
    came: list[int] = []
    look_up = asked.Aside._weights_of

    def counted(aside: asked.Aside, run: Run, step: int) -> Weights:
        came.append(step)
        return look_up(aside, run, step)

    def slowly(*given: Any) -> Weights:
        found.append(given[2])
        until(lambda: len(came) == asked.THREADS)
        time.sleep(0.3)  # all have come, and have a few lines to go until they wait
        if fails:
            raise RunError("They are not recorded yet.")
        return weights_at(*given)

    monkeypatch.setattr(asked.Aside, "_weights_of", counted)
    monkeypatch.setattr(asked, "weights_at", slowly)
    questions = [own_bench.hub.ask(watcher.run, look(number=number), 1) for number in range(asked.THREADS)]
    answers = [decode(question.result(PATIENCE)).header for question in questions]
    assert found == [1]
    assert [answer["id"] for answer in answers] == list(range(asked.THREADS))
    assert [answer.get("error") for answer in answers] == [
        "They are not recorded yet." if fails else None
    ] * asked.THREADS
    monkeypatch.undo()
    assert "error" not in ask(own_bench, watcher, look(), 1).header


@pytest.mark.parametrize("stopped", [False, True])
def test_what_has_no_answer_is_told_so_and_the_run_and_the_next_question_are_as_before(
    own_bench: Bench, stopped: bool
) -> None:
    watcher = own_bench.ready()
    if stopped:
        own_bench.command(watcher, "step")
        watcher.wait_state("paused")
        own_bench.command(watcher, "stop")
        watcher.wait_state("stopped")
    assert ask(own_bench, watcher, Question("sing", id=3)).header == {"id": 3, "error": "There is no sing here."}
    assert "cannot answer this just now" in ask(own_bench, watcher, Question("raise")).header["error"]
    assert ask(own_bench, watcher, look()).header["step"] == watcher.run.step
    assert watcher.run.state == ("stopped" if stopped else "ready")


def test_a_worker_that_dies_leaves_nobody_waiting(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    dead = own_bench.hub.ask(watcher.run, Question("die"))
    with pytest.raises(RunError, match="went away before it had answered"):
        dead.result(PATIENCE)


def test_a_long_look_at_the_net_does_not_keep_who_asks_waiting(own_bench: Bench) -> None:
    watcher = own_bench.ready(fault="stare", fault_step=1)
    own_bench.command(watcher, "step")
    watcher.wait(lambda w: ask(own_bench, w, look()).header["step"] == 1)
    assert watcher.run.step == 0, "the look at step 1 never ends"
    os.kill(own_bench.hub.pid_of(watcher.run.id), signal.SIGKILL)  # or it is waited for in the end
    watcher.wait_state("crashed")


def test_who_waits_too_long_is_told_so_and_answers_stay_with_their_questions(
    own_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = own_bench.ready()
    monkeypatch.setattr(live, "ANSWER_SECONDS", 0.05)
    with stands_still(own_bench, watcher), pytest.raises(RunError, match="more questions than it can answer"):
        own_bench.hub.ask(watcher.run, look(number=1)).result(PATIENCE)
    monkeypatch.undo()
    assert ask(own_bench, watcher, look(number=2)).header["id"] == 2


def test_large_questions_keep_no_command_from_the_worker(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    large = Question("look", {"long": "x" * 60_000}, BROUGHT)
    with stands_still(own_bench, watcher):
        sent = [own_bench.hub.ask(watcher.run, large) for _ in range(20)]
        own_bench.command(watcher, "reset")
        until(lambda: any(one.done() for one in sent))
    told = [one.exception(PATIENCE) for one in sent]
    assert any(told), "there is no room for all of them"
    assert not all(told)
    assert all("more questions than it can answer" in str(one) for one in told if one)
    watcher.wait(lambda w: w.of("reset"))


def test_a_process_that_hangs_over_what_is_past_is_replaced(own_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = own_bench.ready()
    own_bench.command(watcher, "step")
    watcher.wait_state("paused")
    monkeypatch.setattr(explainer, "SECONDS", 0.3)
    assert "try again" in ask(own_bench, watcher, Question("hang"), 0).header["error"]
    monkeypatch.undo()
    assert ask(own_bench, watcher, look(), 0).header["step"] == 0


def test_a_process_that_reads_no_weights_is_replaced(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = Weights("toy", ToySpec().to_json(), 0, {"weight": np.ones(500_000)})
    past = explainer.Explainer(pool)
    assert decode(past.ask(weights, look())).header["id"] == 7
    assert past._process is not None
    assert past._link is not None
    monkeypatch.setattr(explainer, "SECONDS", 0.5)
    # What is sent to it waits as long as was said when the process was started.
    explainer._impatient(socket.socket(fileno=os.dup(past._link.fileno()))).close()
    os.kill(past._process.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as thread:
        told = thread.submit(past.ask, weights, look()).exception(PATIENCE)
    assert "try again" in str(told)
    monkeypatch.undo()
    assert decode(past.ask(weights, look())).header["id"] == 7
    past.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: "no JSON",
        lambda data: json.dumps(["a", "list"]),
        lambda data: json.dumps({**data, "values": "not base64!"}),
        lambda data: json.dumps({**data, "settings": None}),
        lambda data: json.dumps({**data, "id": "one"}),
        lambda data: json.dumps({name: value for name, value in data.items() if name != "what"}),
        lambda data: "[" * 100_000,
    ],
)
def test_what_is_no_question_is_refused(spoil: Callable[[dict[str, object]], str]) -> None:
    text = look().to_json()
    assert Question.from_json(text) == look()
    with pytest.raises(RunError):
        Question.from_json(spoil(json.loads(text)))


@pytest.mark.parametrize("values", ["not base64!", "é", "\ud800", "AAA"])
def test_values_that_are_not_in_base64_are_refused(values: str) -> None:
    with pytest.raises(RunError, match="base64"):
        Question.of({**json.loads(look().to_json()), "values": values})
