"""Classes: whose runs are seen together, and by which names."""

import time

import pytest

from engine.errors import RunError
from engine.runs import classes
from engine.runs.classes import Classes, class_code
from engine.runs.limits import Limits
from engine.runs.loop import LoopThread
from engine.runs.shelf import Shelf
from engine.runs.store import Store
from tests.engine.runs.conftest import Bench
from tests.engine.runs.test_shelf import over


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Otter-7", "otter-7"), ("  7B2 ", "7b2"), ("ﬁsche", "fische"), ("größe", "grösse"), ("a" * 24, "a" * 24)],
)
def test_a_code_is_the_same_however_it_is_typed(typed: str, code: str) -> None:
    assert class_code(typed) == code
    assert class_code(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab",
        "a" * 25,
        "two words",
        "-ab",
        "ab-",
        "a_b",
        "a/b",
        "<b>x</b>",
        "a\x00b",
        "otter\n7",
        "é" * 10_000,
        "'; --",
    ],
)
def test_what_is_no_code_is_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(RunError, match="A class code is 3 to 24 letters") as told:
        class_code(typed)
    assert len(str(told.value)) < 160
    assert str(told.value).isprintable()


def test_each_is_given_a_name_that_nobody_has_and_keeps_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "COLOURS", ["red", "blue"])
    monkeypatch.setattr(classes, "ANIMALS", ["fox"])
    seats = Classes(store, {})
    names = [seats.student("otter", owner) for owner in "abcd"]
    assert sorted(names[:2]) == ["Blue fox", "Red fox"]
    assert sorted(names[2:]) == ["Blue fox 2", "Red fox 2"]
    assert [seats.student("otter", owner) for owner in "abcd"] == names
    assert seats.students("otter") == dict(zip("abcd", names, strict=True))
    assert seats.student("badger", "a") in names[:2], "another class, another name"
    assert seats.students("nobody") == {}


def test_a_chosen_name_is_theirs_alone(store: Store) -> None:
    seats = Classes(store, {})
    for owner in "ab":
        seats.student("otter", owner)
    assert seats.call("otter", "a", "  Ada \n Lovelace ") == "Ada Lovelace"
    with pytest.raises(RunError, match="is called ADA LOVELACE already"):
        seats.call("otter", "b", "ADA LOVELACE")
    seats.call("otter", "a", "ada lovelace")
    for bad in ("", " \x00 ", "x" * 31):
        with pytest.raises(RunError, match="1 to 30 characters"):
            seats.call("otter", "a", bad)
    assert seats.student("otter", "a") == "ada lovelace"


def test_a_class_has_an_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "MOST_SEATS", 2)
    seats = Classes(store, {})
    for owner in "abb":
        seats.student("otter", owner)
    with pytest.raises(RunError, match="class is full"):
        seats.student("otter", "c")


def test_a_class_sees_its_runs_of_this_lesson_newest_first(store: Store) -> None:
    loop = LoopThread("test")
    shelf = Shelf(store, Limits(lesson=100.0), {}, loop)
    for number, run_id in enumerate(("a", "b", "c", "d", "e")):
        over(store, run_id, created=time.time() - 200 + number)
        store.set_state(run_id, "stopped", 3)  # just now
        shelf.bring(run_id, "me", "badger" if run_id == "c" else "otter")
    shelf.delete("d", "me")
    shelf.archive.write("e", updated=time.time() - 101)
    assert [run.id for run in shelf.of_class("otter")] == ["b", "a"]
    assert [run.id for run in shelf.of_class("otter", limit=1)] == ["b"]
    Classes(store, {}).leave("otter", "me")
    assert shelf.of_class("otter") == []
    assert [run.id for run in shelf.of_class("badger")] == ["c"]
    assert {run.id for run in store.list_runs("me")} == {"a", "b", "c", "e"}
    loop.close()


def test_seats_are_free_again_when_no_run_needs_them(store: Store) -> None:
    seats = Classes(store, {})
    for code in ("otter", "badger"):
        seats.student(code, "me")
    over(store)
    loop = LoopThread("test")
    Shelf(store, Limits(), {}, loop).bring("a", "me", "otter")
    loop.close()
    seats.forget(time.time() - 60)
    assert (len(seats.students("otter")), len(seats.students("badger"))) == (1, 1)
    seats.forget(time.time() + 1)
    assert (len(seats.students("otter")), len(seats.students("badger"))) == (1, 0)


def test_a_live_run_is_seen_as_it_is_now_until_its_owner_leaves(bench: Bench) -> None:
    hub = bench.hub
    watcher = bench.ready(owner="pupil")
    other = bench.ready(owner="pupil")
    assert hub.classes.student("live-1", "pupil")
    hub.shelf.bring(watcher.run.id, "pupil", "live-1")
    bench.command(watcher, "resume")
    watcher.wait_step(30)
    (seen,) = hub.shelf.of_class("live-1")
    assert (seen.id, seen.state) == (watcher.run.id, "running")
    assert seen.step >= 30
    hub.classes.leave("live-1", "pupil")
    assert hub.shelf.of_class("live-1") == []
    assert hub.get(watcher.run.id).class_code == ""
    for run in (watcher, other):
        bench.command(run, "stop")


def test_a_run_may_begin_in_a_class(bench: Bench) -> None:
    from tests.engine.runs.toy import ToySpec

    run = bench.hub.open("toy", ToySpec(), "pupil", class_code="live-2")
    assert [seen.id for seen in bench.hub.shelf.of_class("live-2")] == [run.id]
    assert bench.store.get_run(run.id).class_code == "live-2"
    bench.hub.command(run.id, "stop")
